//! Adds the functions by which a host enters the instance, if something is to run then.

use std::collections::BTreeMap;

use ::walrus::ir::Value as Constant;
use ::walrus::{ConstExpr, ExportItem, FunctionBuilder, FunctionId, GlobalId, Module, ValType};

use super::ids::Ids;
use crate::emit::draft::Context;

/// Lets exports lead to functions that run first what is to run when a host enters the instance.
pub(super) fn add_entries(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    let plan = context.plan;
    let edits = plan.exports.iter().zip(&ids.exports);
    let entered = edits.filter(|(edit, _)| edit.resumes);
    let entered: Vec<_> = entered.map(|(_, id)| *id).collect();
    if entered.is_empty() {
        return;
    }
    let flag = module
        .globals
        .add_local(ValType::I32, true, false, ConstExpr::Value(Constant::I32(0)));
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    let mut body = builder.func_body();
    body.i32_const(1).global_set(flag);
    for function in &plan.resume {
        body.call(ids.function(*function));
    }
    let resume = builder.finish(Vec::new(), &mut module.funcs);
    let mut entries: BTreeMap<FunctionId, FunctionId> = BTreeMap::new();
    for id in entered {
        let ExportItem::Function(function) = module.exports.get(id).item else {
            continue;
        };
        let entry = *entries
            .entry(function)
            .or_insert_with(|| entry(module, function, flag, resume));
        module.exports.get_mut(id).item = ExportItem::Function(entry);
    }
}

/// Adds a function that calls `resume` unless the flag is set, and then `function` with its own arguments.
fn entry(module: &mut Module, function: FunctionId, flag: GlobalId, resume: FunctionId) -> FunctionId {
    let ty = module.types.get(module.funcs.get(function).ty());
    let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let arguments: Vec<_> = params.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut body = builder.func_body();
    body.block(None, |block| {
        let id = block.id();
        block.global_get(flag).br_if(id).call(resume);
    });
    for argument in &arguments {
        body.local_get(*argument);
    }
    body.call(function);
    builder.finish(arguments, &mut module.funcs)
}
