package io.waxwatch.common.testing;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import org.slf4j.LoggerFactory;

/** The logging of the tests, {@code logback-test.xml}: one file for all modules. */
public final class TestLogging {

    private TestLogging() {}

    /** For a test that has set logging up as a service does: the tests after it would be as loud. */
    public static void restore() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var configurator = new DefaultJoranConfigurator();
        configurator.setContext(context);
        configurator.configure(context);
    }
}
