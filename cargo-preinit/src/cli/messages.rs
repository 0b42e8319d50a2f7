//! `--message-format`.

use super::args::MessageFormat;

/// What goes to standard output, as cargo's `--message-format` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Messages {
    /// Whether events go there, as JSON.
    pub are_json: bool,
    /// Whether cargo shows the compiler's diagnostics to people although the rest is JSON.
    pub are_diagnostics_rendered: bool,
    /// Whether diagnostics are shown in one line each.
    pub are_diagnostics_short: bool,
    /// Whether the text of diagnostics in JSON has colours.
    pub have_diagnostics_colors: bool,
}

impl Messages {
    pub(super) fn new(formats: &[MessageFormat]) -> Self {
        let has = |format| formats.contains(&format);
        let of_json = [
            MessageFormat::Json,
            MessageFormat::JsonDiagnosticShort,
            MessageFormat::JsonDiagnosticRenderedAnsi,
            MessageFormat::JsonRenderDiagnostics,
        ];
        Self {
            are_json: of_json.into_iter().any(has),
            are_diagnostics_rendered: has(MessageFormat::JsonRenderDiagnostics),
            are_diagnostics_short: has(MessageFormat::Short) || has(MessageFormat::JsonDiagnosticShort),
            have_diagnostics_colors: has(MessageFormat::JsonDiagnosticRenderedAnsi),
        }
    }

    /// What cargo is told. Its own messages are read in any case.
    #[must_use]
    pub fn for_cargo(self) -> String {
        let mut format = match self.are_json && !self.are_diagnostics_rendered {
            true => "json".to_owned(),
            false => "json-render-diagnostics".to_owned(),
        };
        if self.are_diagnostics_short {
            format.push_str(",json-diagnostic-short");
        }
        if self.have_diagnostics_colors {
            format.push_str(",json-diagnostic-rendered-ansi");
        }
        format
    }
}
