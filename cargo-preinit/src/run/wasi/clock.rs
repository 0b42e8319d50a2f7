//! Time stands still.

use super::HostWasi;
use super::abi::{Answer, Errno, GuestMemory, Span};

impl HostWasi {
    pub(super) fn clock_res_get(&mut self, memory: &mut GuestMemory<'_>, id: u32, result: u32) -> Answer {
        match id {
            0 | 1 => memory.write_u64(result, 1),
            2 | 3 => Err(Errno::Badf.into()),
            _ => Err(Errno::Inval.into()),
        }
    }

    pub(super) fn clock_time_get(&mut self, memory: &mut GuestMemory<'_>, id: u32, result: u32) -> Answer {
        match id {
            0 | 1 => {
                self.clock_reads += 1;
                memory.write_u64(result, 0)
            }
            2 | 3 => Err(Errno::Badf.into()),
            _ => Err(Errno::Inval.into()),
        }
    }

    /// `poll_oneoff` where every subscription is ready at once. Time stands still, so nothing is gained by waiting.
    pub(super) fn poll_oneoff(
        &mut self,
        memory: &mut GuestMemory<'_>,
        subscriptions: Span,
        events: u32,
        result: u32,
    ) -> Answer {
        if subscriptions.length == 0 {
            return Err(Errno::Inval.into());
        }
        self.clock_reads += 1;
        let events_of = memory.array(subscriptions, 48)?.flat_map(|subscription| {
            let mut event = [0; 32];
            event[..8].copy_from_slice(&subscription[..8]); // userdata
            event[10] = subscription[8]; // eventtype; errno stays 0
            event
        });
        let bytes: Vec<u8> = events_of.collect();
        memory.write(events, &bytes)?;
        memory.write_u32(result, subscriptions.length)
    }
}
