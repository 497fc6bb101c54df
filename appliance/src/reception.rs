//! The composition root: where desk, courier, lookout and pages are put together, and nowhere else.

use crate::clock::Clock;
use crate::clock_journal::ClockJournal;
use crate::config::Config;
use crate::courier::Courier;
use crate::desk::{DeskSettings, RunningDesk};
use crate::devices::{BoxDevices, Hardware};
use crate::door;
use crate::exchange::Exchange;
use crate::lookout::Lookout;
use crate::prints::pack::{self, PackState};
use crate::prints::{BoxPrints, PackPlace, Typesetter};
use crate::recognition::Recognition;
use crate::serve::{self, ServerCertificate};
use crate::stop::Stop;
use crate::store::StoreLocation;
use anyhow::Context;
use std::path::Path;
use std::sync::Arc;
use sync::facility::identity::IdentityError;
use tokio::net::TcpListener;
use web::{Closing, WebSettings};

/// A reception, put together but not yet serving.
pub struct Reception {
    /// the desk
    pub desk: RunningDesk,
    /// the lookout
    pub lookout: Arc<Lookout>,
    config: Config,
}

impl Reception {
    /// Opens the store and starts desk, the journal of its clock, devices, courier and line probe.
    pub fn start(config: Config, data: &Path, clock: Clock) -> anyhow::Result<Reception> {
        let hardware = Hardware::real(&config.devices, data);
        Reception::start_with(config, data, clock, hardware)
    }

    /// The same with other ways out of the program: simulated readers, a reboot that is only written down.
    pub fn start_with(config: Config, data: &Path, clock: Clock, hardware: Hardware) -> anyhow::Result<Reception> {
        for warning in &config.warnings {
            tracing::warn!("{warning}");
        }
        let location = StoreLocation::founded_by(data, &config.site_name, &config.courier.maker.institution_code);
        let location = location.context("the data folder cannot be used")?;
        let settings =
            DeskSettings { site: config.site.clone(), rules: config.rules.clone(), patience: config.patience };
        let recognition = Recognition::new(location.folder(), config.devices.recognises_cards());
        let desk = RunningDesk::start_recognising(&location, settings, clock, recognition);
        let mut desk = desk.context("the record cannot be opened")?;
        let clock_journal = ClockJournal::of(&desk).context("what the clock did cannot be read")?;
        tokio::spawn(clock_journal.run(desk.clone()));
        let lookout = Arc::new(Lookout::new(desk.clone(), config.lookout));
        let has_terminal = config.terminal.is_some();
        let devices = BoxDevices::start(config.devices.clone(), hardware, &desk, lookout.clone(), has_terminal)?;
        let face_ear = devices.as_ref().and_then(BoxDevices::face_ear);
        if let Some(devices) = devices {
            desk = desk.with_devices(Arc::new(devices));
        }
        if let Some(terminal) = &config.terminal {
            let door = door::open(terminal, config.courier.maker.mark.clone())?;
            let courier = Courier::new(desk.clone(), door, lookout.clone(), config.courier.clone());
            tokio::spawn(courier.telling(face_ear).run());
        }
        if let Some(address) = config.line_probe {
            let lookout = lookout.clone();
            tokio::spawn(async move { lookout.probe_line(address).await });
        }
        Ok(Reception { desk, lookout, config })
    }

    /// What sets papers, where its program is installed, and what it keeps ready. Reception does not depend on it.
    fn start_prints(&mut self, data: &Path, web: &WebSettings) {
        let in_data = data.join("downtime-pack");
        let folder = match &self.config.prints.pack {
            PackPlace::InData => Some(in_data.clone()),
            PackPlace::In(folder) => Some(folder.clone()),
            PackPlace::Nowhere => None,
        };
        if folder.as_ref() != Some(&in_data) {
            pack::clear(&in_data);
        }
        let Some(typesetter) = Typesetter::find(self.config.prints.program.as_deref()) else {
            tracing::info!("no program for papers (uketsuke-print) is installed; pages can be printed by the browser");
            pack::clear(&in_data);
            return;
        };
        let state = folder.map(PackState::in_folder);
        let prints = Arc::new(BoxPrints::new(typesetter, &self.desk, state.clone()));
        if let Some(state) = state {
            tokio::spawn(pack::keep(self.desk.clone(), web.clone(), prints.clone(), state));
        }
        self.desk = self.desk.clone().with_prints(prints);
    }

    /// Serves pages and API until the process is told to stop. What is under way is finished; nothing needs to be saved:
    /// everything acknowledged is durable already.
    pub async fn serve(mut self, data: &Path, web: WebSettings, ready: impl FnOnce(&str)) -> anyhow::Result<()> {
        let listener = TcpListener::bind(self.config.listen)
            .await
            .with_context(|| format!("{} cannot be listened on; is the port in use?", self.config.listen))?;
        let address = listener.local_addr()?;
        let (tls, scheme) = if self.config.plain_http {
            (None, "http")
        } else {
            (Some(ServerCertificate::in_folder(data)?.acceptor()?), "https")
        };
        self.start_prints(data, &web);
        let (closer, closing) = Closing::new();
        let app = web::router(Arc::new(self.desk.clone()), WebSettings { closing: closing.clone(), ..web });
        let mut stop = Stop::listen()?;
        let exchange = self.exchange(data).await;
        ready(&format!("{scheme}://{address}"));
        let close = async {
            stop.ordered().await;
            closer.close();
        };
        tokio::join!(serve::serve(listener, app, tls, closing), close);
        if let Some(exchange) = exchange {
            exchange.close().await;
        }
        self.desk.stop().await;
        Ok(())
    }

    /// Exchange with other boxes, where it is wanted. Reception does not depend on it.
    async fn exchange(&self, data: &Path) -> Option<Exchange> {
        let settings = self.config.sync.clone()?;
        if self.desk.vault().is_moved() {
            let why = IdentityError::OtherMachine.staff();
            tracing::error!("{} / {}", why.ja, why.en);
        }
        let mut exchange = Exchange::start(settings, &self.desk)
            .await
            .inspect_err(|error| {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "no exchange with other boxes; reception goes on"
                );
            })
            .ok()?;
        if let Err(error) = exchange.listen_in(data) {
            tracing::warn!(%error, "the command line cannot ask how exchange stands");
        }
        Some(exchange)
    }
}
