//! Drops what takes long to drop on a thread of its own.

use std::any::Any;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

/// How many dropped values may wait for the thread. Beyond it they are dropped where they stand, so that memory
/// stays bounded.
const WAITING_MAX: usize = 1_024;

/// A value that is dropped off the request's path: a world with 100,000 writes takes milliseconds to free.
pub(super) struct Late<T: Send + 'static>(Option<T>);

impl<T: Send + 'static> Late<T> {
    pub(super) fn new(value: T) -> Late<T> {
        Late(Some(value))
    }
}

impl<T: Send + 'static> Deref for Late<T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.0.as_ref().expect("the value is taken only when it is dropped")
    }
}

impl<T: Send + 'static> DerefMut for Late<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("the value is taken only when it is dropped")
    }
}

impl<T: Clone + Send + 'static> Clone for Late<T> {
    fn clone(&self) -> Late<T> {
        Late(self.0.clone())
    }
}

impl<T: Send + 'static> Drop for Late<T> {
    fn drop(&mut self) {
        static SENDER: OnceLock<Option<SyncSender<Box<dyn Any + Send>>>> = OnceLock::new();
        let sender = SENDER.get_or_init(|| {
            let (sender, receiver) = sync_channel::<Box<dyn Any + Send>>(WAITING_MAX);
            let thread = std::thread::Builder::new().name("stend-drop".to_owned());
            thread.spawn(move || receiver.into_iter().for_each(drop)).ok().map(|_| sender)
        });
        if let (Some(sender), Some(value)) = (sender, self.0.take()) {
            let (Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) =
                sender.try_send(Box::new(value));
        }
    }
}
