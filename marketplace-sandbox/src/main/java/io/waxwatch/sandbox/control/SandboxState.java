package io.waxwatch.sandbox.control;

import io.waxwatch.sandbox.SandboxOptions;
import io.waxwatch.sandbox.catalog.SandboxCatalog;
import io.waxwatch.sandbox.fault.FaultSwitch;
import io.waxwatch.sandbox.market.Market;
import io.waxwatch.sandbox.notification.SignedNotifications;
import java.util.ArrayList;
import java.util.List;

/** All that changes while the sandbox runs. Confined to its event loop. */
public final class SandboxState {

    private final SandboxOptions options;
    private final SandboxCatalog catalog;
    private final FaultSwitch faults = new FaultSwitch();
    private final RequestLog requests = new RequestLog();
    private final SignedNotifications notifications;
    private SandboxSettings settings;
    private Market market;
    private final List<Runnable> onReset = new ArrayList<>();
    private final List<Runnable> onRevoke = new ArrayList<>();

    public SandboxState(SandboxOptions options, SandboxCatalog catalog) {
        this.options = options;
        this.catalog = catalog;
        this.settings = SandboxSettings.of(options);
        this.notifications = new SignedNotifications(options.clock());
        this.market = newMarket();
    }

    public SandboxOptions options() {
        return options;
    }

    public SandboxCatalog catalog() {
        return catalog;
    }

    public Market market() {
        return market;
    }

    public FaultSwitch faults() {
        return faults;
    }

    public RequestLog requests() {
        return requests;
    }

    public SignedNotifications notifications() {
        return notifications;
    }

    public SandboxSettings settings() {
        return settings;
    }

    public void settings(SandboxSettings next) {
        settings = next;
    }

    /** Also run at each reset: those who hold state of their own register here. */
    public void onReset(Runnable action) {
        onReset.add(action);
    }

    /** Run when all tokens are revoked. */
    public void onRevoke(Runnable action) {
        onRevoke.add(action);
    }

    public void revokeTokens() {
        onRevoke.forEach(Runnable::run);
    }

    /** Back to the first state of the seed; tokens stay valid. */
    public void reset() {
        market = newMarket();
        settings = SandboxSettings.of(options);
        faults.clear();
        requests.clear();
        onReset.forEach(Runnable::run);
    }

    private Market newMarket() {
        return new Market(catalog, options.seed(), options.initialListings(), options.clock());
    }
}
