//! The platform's secrets and the files that a server reads them from.

use std::{
    fs, io, mem,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hubseal::AppSecret;

pub(crate) struct Secret {
    pub(crate) text: String,
    pub(crate) app_secret: AppSecret,
}

impl Secret {
    fn random() -> Arc<Self> {
        let text = format!("{:032x}", fastrand::u128(..));
        let app_secret = AppSecret::new(text.as_str()).expect("digits are a valid secret");
        Arc::new(Self { text, app_secret })
    }
}

struct Ring {
    current: Arc<Secret>,
    previous: Arc<Secret>,
    retired: Arc<Secret>,
    /// How many times the server has received another key ring.
    generation: u64,
    /// The previous secret is about to be retired, so nothing more is signed with it.
    retiring: bool,
    /// The server is reading another key ring and may have either.
    changing: bool,
}

/// The right to sign a delivery with a secret. The secret is not retired while a ticket exists.
pub(crate) struct Ticket {
    pub(crate) secret: Arc<Secret>,
    name: &'static str,
    generation: Option<u64>,
}

pub(crate) struct Secrets {
    ring: Mutex<Ring>,
    folder: PathBuf,
}

impl Secrets {
    pub(crate) fn new(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let [current, previous, retired] = [(); 3].map(|()| Secret::random());
        let ring = Ring {
            current,
            previous,
            retired,
            generation: 0,
            retiring: false,
            changing: false,
        };
        let secrets = Self {
            ring: Mutex::new(ring),
            folder,
        };
        secrets.write_again()?;
        Ok(secrets)
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn current_file(&self) -> PathBuf {
        self.folder.join("current")
    }

    pub(crate) fn previous_file(&self) -> PathBuf {
        self.folder.join("previous")
    }

    fn write(&self, current: &str, previous: &str) -> io::Result<()> {
        fs::write(self.previous_file(), previous)?;
        fs::write(self.current_file(), current)
    }

    pub(crate) fn current(&self) -> Ticket {
        let ring = self.lock();
        Ticket {
            secret: Arc::clone(&ring.current),
            name: "current",
            generation: (!ring.changing).then_some(ring.generation),
        }
    }

    /// Returns `None` while the previous secret is about to be retired.
    pub(crate) fn previous(&self) -> Option<Ticket> {
        let ring = self.lock();
        (!ring.retiring).then(|| Ticket {
            secret: Arc::clone(&ring.previous),
            name: "previous",
            generation: Some(ring.generation),
        })
    }

    /// Returns the most recently retired secret.
    pub(crate) fn retired(&self) -> Arc<Secret> {
        Arc::clone(&self.lock().retired)
    }

    /// Whether a key of this name may have verified a delivery of this ticket. Both names are
    /// allowed if the key ring changed in between.
    pub(crate) fn fits(&self, ticket: &Ticket, name: &str) -> bool {
        let ring = self.lock();
        let exactly = !ring.changing && ticket.generation == Some(ring.generation);
        name == ticket.name || (!exactly && name == "previous")
    }

    /// Stops signing with the previous secret and returns the number of its active deliveries.
    pub(crate) fn retire_previous(&self) -> usize {
        let mut ring = self.lock();
        ring.retiring = true;
        Arc::strong_count(&ring.previous) - 1
    }

    /// Writes the files of a key ring with a new secret and returns the secret.
    pub(crate) fn begin_change(&self) -> io::Result<Arc<Secret>> {
        let next = Secret::random();
        let mut ring = self.lock();
        ring.changing = true;
        self.write(&next.text, &ring.current.text)?;
        Ok(next)
    }

    /// Records that the server uses the new secret.
    pub(crate) fn end_change(&self, next: Arc<Secret>) {
        let mut ring = self.lock();
        let previous = mem::replace(&mut ring.current, next);
        ring.retired = mem::replace(&mut ring.previous, previous);
        ring.generation += 1;
        ring.retiring = false;
        ring.changing = false;
    }

    /// Writes a refused file in place of the current secret.
    pub(crate) fn write_refused(&self) -> io::Result<()> {
        const REFUSED: [&str; 3] = ["", "changeme", " surrounded by blanks "];
        fs::write(
            self.current_file(),
            REFUSED[fastrand::usize(..REFUSED.len())],
        )
    }

    /// Writes the original files again.
    pub(crate) fn write_again(&self) -> io::Result<()> {
        let ring = self.lock();
        self.write(&ring.current.text, &ring.previous.text)
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
