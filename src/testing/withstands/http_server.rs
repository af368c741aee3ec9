//! A server for services of hyper and tower: HTTP/1.1 on a runtime of one thread.

use alloc::{boxed::Box, rc::Rc};
use core::{
    error::Error,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use std::io;

use http::{Request, Response};
use http_body::Body;
use hyper::{
    body::Incoming,
    rt::{Read, ReadBufCursor, Write},
    server::conn::http1,
    service::service_fn,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    runtime,
    task::{LocalSet, spawn_local},
    time::sleep,
};

use super::server::Serve;

/// Serves a function. Puts the address of the peer into the extensions of each request.
pub(super) fn serve<F, A, B, E>(function: F) -> Serve
where
    F: Fn(Request<Incoming>) -> A + Send + 'static,
    A: Future<Output = Result<Response<B>, E>> + 'static,
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
    E: Into<Box<dyn Error + Send + Sync>> + 'static,
{
    Box::new(move |listener, stopped| {
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let tasks = LocalSet::new();
        tasks.block_on(&runtime, async move {
            let listener = TcpListener::from_std(listener)?;
            spawn_local(accept(listener, Rc::new(function)));
            stopped.await;
            Ok(())
        })
    })
}

async fn accept<F, A, B, E>(listener: TcpListener, function: Rc<F>)
where
    F: Fn(Request<Incoming>) -> A + 'static,
    A: Future<Output = Result<Response<B>, E>> + 'static,
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>> + 'static,
    E: Into<Box<dyn Error + Send + Sync>> + 'static,
{
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // No spin while the process has no file descriptor left.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let function = Rc::clone(&function);
        spawn_local(async move {
            let service = service_fn(move |mut request: Request<Incoming>| {
                insert_peer(&mut request, peer);
                function(request)
            });
            // The client sees the end of the connection.
            let _ = http1::Builder::new()
                .serve_connection(Io(stream), service)
                .await;
        });
    }
}

fn insert_peer<B>(request: &mut Request<B>, peer: SocketAddr) {
    #[cfg(feature = "axum")]
    let _ = request
        .extensions_mut()
        .insert(axum::extract::ConnectInfo(peer));
    request.extensions_mut().insert(peer);
}

/// A TCP connection of Tokio for hyper.
struct Io(TcpStream);

impl Read for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // Copied, because safe code cannot lend the rest of hyper's buffer.
        let mut bytes = [0; 8_192];
        let room = bytes.len().min(buffer.remaining());
        let mut bytes = ReadBuf::new(bytes.get_mut(..room).unwrap_or_default());
        ready!(Pin::new(&mut self.0).poll_read(context, &mut bytes))?;
        buffer.put_slice(bytes.filled());
        Poll::Ready(Ok(()))
    }
}

impl Write for Io {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
