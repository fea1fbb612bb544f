package io.waxwatch.common.node;

import io.vertx.core.Future;
import io.waxwatch.common.settings.InvalidSettings;
import io.waxwatch.common.settings.Setting;
import io.waxwatch.common.settings.Settings;
import java.net.BindException;
import java.util.List;
import java.util.Locale;

/** Says of a server that cannot listen which setting has to be changed: a system's own words name neither. */
public final class ListenFault {

    private ListenFault() {}

    /**
     * The failure of listening as those whose settings these are can mend it.
     *
     * @param host the address to listen on
     * @param port which was asked for
     * @return fails with {@link InvalidSettings} where the port is taken or the address is not this machine's, else as before
     */
    public static <T> Future<T> explained(
            Throwable cause, Settings settings, Setting<String> host, Setting<Integer> port, int asked) {
        if (!(cause instanceof BindException)) {
            return Future.failedFuture(cause);
        }
        String told = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        InvalidSettings.Fault fault = told.contains("already in use")
                ? new InvalidSettings.Fault(
                        port.name(),
                        "port " + asked + " on " + settings.get(host)
                                + " is already taken; end whoever listens there, or set another port (0 takes a free one)")
                : new InvalidSettings.Fault(
                        host.name(),
                        "nobody can listen on " + settings.get(host) + " port " + asked + " (" + port.name()
                                + ") here: " + cause.getMessage()
                                + "; give an address of this machine, and a port it may open");
        return Future.failedFuture(new InvalidSettings(List.of(fault)));
    }
}
