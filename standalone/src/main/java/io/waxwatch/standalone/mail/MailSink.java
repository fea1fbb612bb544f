package io.waxwatch.standalone.mail;

import static net.logstash.logback.argument.StructuredArguments.kv;

import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.waxwatch.standalone.process.PartFailedException;
import io.waxwatch.standalone.process.Ports;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real SMTP server on 127.0.0.1 that delivers nothing: it keeps the newest mails in memory and shows them on a page.
 *
 * <p>{@code GET /} lists them newest first, {@code GET /mails/{id}} shows one, {@code GET /mails/{id}/html} is its
 * HTML part alone (under a policy that runs no script), {@code GET /messages.json} gives all of them to scripts
 * ({@code ?to=} only one recipient's).
 *
 * <p>SMTP may be stopped and started again for fault tests; ports and kept mails stay.
 */
public final class MailSink {
    private static final Logger log = LoggerFactory.getLogger(MailSink.class);

    private static final Pattern ONE_MAIL = Pattern.compile("/mails/(\\d{1,18})(/html)?");
    private static final int IDLE_SECONDS = 60;
    private static final long SMTP_START_PATIENCE_MS = 15_000;
    /** GreenMail keeps its own copies; they are dropped after so many. */
    private static final int PURGE_EVERY = 50;

    private static final String OUR_PAGES = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String FOREIGN_HTML =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:;"
                    + " base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox";

    private final Vertx vertx;
    private final Options options;
    private final Clock clock;
    private final Mailbox mailbox;
    private final MailPages pages;
    private int smtpPort;
    private GreenMail smtp;
    private volatile HttpServer page;

    /**
     * Where to run.
     *
     * @param smtpPort the SMTP port on 127.0.0.1, or 0 for a free one
     * @param pagePort the page's port on 127.0.0.1, or 0 for a free one
     * @param capacity how many mails are kept, the newest ones
     */
    public record Options(int smtpPort, int pagePort, int capacity) {
        /** The usual sink keeps 500 mails. */
        public static Options on(int smtpPort, int pagePort) {
            return new Options(smtpPort, pagePort, 500);
        }
    }

    /** Creates the sink; nothing runs yet. Times on the page are in {@code zone}. */
    public MailSink(Vertx vertx, Options options, Clock clock, ZoneId zone) {
        this.vertx = vertx;
        this.options = options;
        this.clock = clock;
        this.mailbox = new Mailbox(options.capacity());
        this.pages = new MailPages(zone);
        this.smtpPort = options.smtpPort();
    }

    /** Starts SMTP and the page. Fails with {@link PartFailedException} when a port is taken. */
    public Future<Void> start() {
        return vertx.executeBlocking(() -> Ports.claim(options.pagePort(), "The mail page", "STANDALONE_MAIL_PORT"))
                .compose(port -> startSmtp().compose(started -> listen(port)))
                .recover(failure -> close().transform(closed -> Future.failedFuture(failure)))
                .onSuccess(started -> log.info("mail.started", kv("smtp_port", smtpPort()), kv("url", mailUrl())));
    }

    /** Stops both; the kept mails go with this object. */
    public Future<Void> close() {
        HttpServer server = page;
        page = null;
        Future<Void> pageClosed = server == null ? Future.succeededFuture() : server.shutdown(1, TimeUnit.SECONDS);
        return Future.join(pageClosed, stopSmtp()).mapEmpty();
    }

    /** Starts only SMTP, on its port of before; does nothing when it runs. */
    public Future<Void> startSmtp() {
        return vertx.executeBlocking(() -> {
            openSmtp();
            return null;
        });
    }

    /** Stops only SMTP: senders are refused, the page still shows what came. */
    public Future<Void> stopSmtp() {
        return vertx.executeBlocking(() -> {
            closeSmtp();
            return null;
        });
    }

    /** The SMTP port on 127.0.0.1; 0 before the first start when a free one was asked for. No login, no TLS. */
    public synchronized int smtpPort() {
        return smtpPort;
    }

    /** The page's address, without a slash at the end. Only while it runs. */
    public String mailUrl() {
        HttpServer server = page;
        if (server == null) {
            throw new IllegalStateException("the mail page is not running");
        }
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** How many mails have come since the start, kept or not; one for each recipient. */
    public long received() {
        return mailbox.received();
    }

    private synchronized void openSmtp() {
        if (smtp != null) {
            return;
        }
        smtpPort = Ports.claim(smtpPort, "The mail sink", "STANDALONE_SMTP_PORT");
        ServerSetup setup = new ServerSetup(smtpPort, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(SMTP_START_PATIENCE_MS);
        GreenMail server = new PromptGreenMail(setup);
        server.getUserManager().setMessageDeliveryHandler((message, recipient) -> keep(server, message, recipient));
        try {
            server.start();
        } catch (IllegalStateException e) {
            server.stop();
            throw new PartFailedException("The mail sink cannot start on port " + smtpPort + ": " + e.getMessage(), e);
        }
        smtp = server;
    }

    private synchronized void closeSmtp() {
        if (smtp != null) {
            smtp.stop();
            smtp = null;
        }
    }

    /** Runs on GreenMail's own threads, once for each recipient, before the sender is told that the mail is taken. */
    private GreenMailUser keep(GreenMail server, MovingMessage message, MailAddress recipient) throws UserException {
        mailbox.add(id -> MailParser.parse(id, message.getMessage(), recipient.getEmail(), clock.instant()));
        if (mailbox.received() % PURGE_EVERY == 0) {
            try {
                server.purgeEmailFromAllMailboxes();
            } catch (FolderException e) {
                log.warn("mail.purge_failed", e);
            }
        }
        return postman(server);
    }

    /** One account takes every copy that GreenMail insists on keeping. */
    private static GreenMailUser postman(GreenMail server) throws UserException {
        synchronized (server) {
            GreenMailUser known = server.getUserManager().getUser("sink");
            return known == null ? server.getUserManager().createUser("sink@localhost", "sink", "sink") : known;
        }
    }

    private Future<Void> listen(int port) {
        return vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
                .requestHandler(this::route)
                .listen(port, "127.0.0.1")
                .map(server -> {
                    page = server;
                    return null;
                });
    }

    private void route(HttpServerRequest request) {
        String path = request.path() == null ? "" : request.path();
        HttpServerResponse response = request.response();
        Matcher one = ONE_MAIL.matcher(path);
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            response.setStatusCode(405).putHeader("allow", "GET, HEAD").end();
        } else if (path.equals("/")) {
            html(response, OUR_PAGES, pages.list(mailbox.newestFirst(), options.capacity()));
        } else if (path.equals("/messages.json")) {
            response.putHeader("content-type", "application/json; charset=utf-8")
                    .putHeader("cache-control", "no-store")
                    .end(messages(Optional.ofNullable(request.getParam("to"))).toBuffer());
        } else if (path.equals("/healthz")) {
            response.putHeader("content-type", "application/json").end("{\"status\":\"ok\"}");
        } else if (one.matches()) {
            Optional<ReceivedMail> mail = mailbox.find(Long.parseLong(one.group(1)));
            if (one.group(2) == null) {
                mail.ifPresentOrElse(found -> html(response, OUR_PAGES, pages.mail(found)), () -> missing(response));
            } else {
                mail.flatMap(ReceivedMail::html)
                        .ifPresentOrElse(
                                // The base makes links leave the frame; a frame cannot show other sites.
                                content -> html(response, FOREIGN_HTML, "<base target=\"_blank\">" + content),
                                () -> missing(response));
            }
        } else {
            missing(response);
        }
    }

    private void missing(HttpServerResponse response) {
        html(response.setStatusCode(404), OUR_PAGES, pages.missing());
    }

    private JsonArray messages(Optional<String> recipient) {
        JsonArray all = new JsonArray();
        mailbox.newestFirst().stream()
                .filter(mail -> recipient
                        .map(wanted -> wanted.equalsIgnoreCase(mail.to()))
                        .orElse(true))
                .map(mail -> new JsonObject()
                        .put("id", mail.id())
                        .put("from", mail.from())
                        .put("to", mail.to())
                        .put("subject", mail.subject())
                        .put("date", mail.receivedAt().toString())
                        .put("text", mail.text().orElse(null))
                        .put("html", mail.html().orElse(null)))
                .forEach(all::add);
        return all;
    }

    private static void html(HttpServerResponse response, String policy, String content) {
        response.putHeader("content-type", "text/html; charset=utf-8")
                .putHeader("content-security-policy", policy)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("cache-control", "no-store")
                .end(content);
    }
}
