//! How long functions take to load, which is not init's time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long it took to load functions, which is not init's time.
#[derive(Debug, Default, Clone)]
pub(super) struct Loading(Arc<Mutex<Duration>>);

impl Loading {
    pub(super) fn add(&self, elapsed: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += elapsed;
    }

    pub(super) fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A clock that begins now, and that stands while functions are loaded. What is being loaded counts until it is.
    pub(super) fn clock(&self) -> Clock {
        Clock {
            begun: Instant::now(),
            before: self.elapsed(),
            loading: self.clone(),
        }
    }
}

/// How long a guest has run.
pub(super) struct Clock {
    begun: Instant,
    before: Duration,
    loading: Loading,
}

impl Clock {
    pub(super) fn elapsed(&self) -> Duration {
        let loading = self.loading.elapsed().saturating_sub(self.before);
        self.begun.elapsed().saturating_sub(loading)
    }
}
