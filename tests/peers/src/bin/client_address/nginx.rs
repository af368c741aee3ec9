//! nginx on a free port of the loopback interface, with a server for each list of proxies.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use socket2::{Domain, Socket, Type};

use crate::Result;

/// The longest time to wait for nginx on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// An nginx that ends on a drop, and with this process.
pub(crate) struct Nginx {
    port: u16,
    directory: PathBuf,
    process: Child,
    /// Ends nginx if this process ends without a drop.
    watcher: Child,
}

impl Nginx {
    pub(crate) fn start(proxies: &[&str]) -> Result<Self> {
        let directory = env::temp_dir().join(format!("hubseal-nginx-{}", std::process::id()));
        // Another process may take the port before nginx does.
        for _ in 0..10 {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
                .local_addr()?
                .port();
            fs::create_dir_all(&directory)?;
            fs::write(directory.join("nginx.conf"), configuration(port, proxies))?;
            let mut command = Command::new("nginx");
            command.args(["-e", "error.log", "-c", "nginx.conf", "-p"]);
            let process = match command.arg(&directory).stdin(Stdio::null()).spawn() {
                Ok(process) => process,
                Err(error) => {
                    fs::remove_dir_all(&directory)?;
                    return Err(format!("nginx: {error}").into());
                }
            };
            let mut nginx = Self {
                port,
                watcher: watch(&process, &directory)?,
                directory: directory.clone(),
                process,
            };
            if nginx.is_ready()? {
                return Ok(nginx);
            }
        }
        Err("nginx does not start".into())
    }

    /// Returns `$remote_addr` of a request to this server.
    pub(crate) fn client(&self, server: usize, peer: Ipv4Addr, lines: &[&str]) -> Result<IpAddr> {
        let mut request = format!("GET / HTTP/1.1\r\nHost: {server}.test\r\nConnection: close\r\n");
        for line in lines {
            write!(request, "X-Forwarded-For: {line}\r\n")?;
        }
        let response = self.exchange(peer, &format!("{request}\r\n"))?;
        let body = response
            .strip_prefix("HTTP/1.1 200 ")
            .and_then(|response| response.split_once("\r\n\r\n"));
        let (_, body) = body.ok_or_else(|| format!("nginx answers {lines:?} with {response}"))?;
        Ok(body.parse::<IpAddr>()?.to_canonical())
    }

    /// Returns the name and the version.
    pub(crate) fn version(&self) -> String {
        let response = self
            .exchange(Ipv4Addr::LOCALHOST, "GET / HTTP/1.0\r\n\r\n")
            .unwrap_or_default();
        let server = response
            .lines()
            .find_map(|line| line.strip_prefix("Server: "));
        server.unwrap_or("nginx").to_owned()
    }

    fn exchange(&self, peer: Ipv4Addr, request: &str) -> Result<String> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::from((peer, 0)).into())?;
        let nginx = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        socket.connect_timeout(&nginx.into(), PATIENCE)?;
        let mut stream = TcpStream::from(socket);
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(request.as_bytes())?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response)
    }

    /// Waits until nginx answers. Returns `false` if it has exited.
    fn is_ready(&mut self) -> Result<bool> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE && self.process.try_wait()?.is_none() {
            if self.client(0, Ipv4Addr::LOCALHOST, &[]).is_ok() {
                return Ok(true);
            }
            thread::sleep(Duration::from_millis(10));
        }
        eprint!(
            "{}",
            fs::read_to_string(self.directory.join("error.log")).unwrap_or_default()
        );
        Ok(false)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The watcher must not outlive nginx, because another process may get the same id.
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// One process, which writes to its own directory only.
fn configuration(port: u16, proxies: &[&str]) -> String {
    let mut text = String::from(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {}\nhttp {\naccess_log off;\n\
         client_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\n\
         uwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n\
         real_ip_header X-Forwarded-For;\nreal_ip_recursive on;\n",
    );
    for (number, proxies) in proxies.iter().enumerate() {
        let networks = proxies
            .split(", ")
            .map(|network| format!("set_real_ip_from {network};\n"));
        text += &format!(
            "server {{\nlisten 127.0.0.1:{port};\nserver_name {number}.test;\n{}return 200 $remote_addr;\n}}\n",
            networks.collect::<String>(),
        );
    }
    text + "}\n"
}

/// Starts a process that waits for the end of this one, and then ends nginx.
fn watch(nginx: &Child, directory: &Path) -> Result<Child> {
    let script = "cat >/dev/null; kill -s KILL \"$1\"; rm -r \"$2\"";
    Ok(Command::new("sh")
        .args(["-c", script, "sh", &nginx.id().to_string()])
        .arg(directory)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?)
}
