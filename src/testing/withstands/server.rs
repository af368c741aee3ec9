//! A server for a service of the same process, on its own thread.

use alloc::{borrow::ToOwned, boxed::Box};
use core::net::{Ipv4Addr, SocketAddr};
use std::{
    io,
    net::TcpListener,
    thread::{Builder, JoinHandle},
};

use super::promise::{Promise, Setter, promise};

/// Serves until the setter of the promise is dropped.
pub(super) type Serve = Box<dyn FnOnce(TcpListener, Promise<()>) -> io::Result<()> + Send>;

/// A server that is running. Dropping it stops it and waits for its thread.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    stop: Option<Setter<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Server {
    /// Starts a server at a free port of the loopback interface.
    pub(super) fn start(serve: Serve) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = promise();
        let thread = Builder::new()
            .name("hubseal-receiver".to_owned())
            .spawn(move || serve(listener, stopped))?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Stops the server and returns the error that ended it before.
    pub(super) fn stop(&mut self) -> io::Result<()> {
        drop(self.stop.take());
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(ended)) => ended,
            Some(Err(_)) => Err(io::Error::other("the server panicked")),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The error has been reported by `stop`, or another one is being reported.
        let _ = self.stop();
    }
}
