package io.waxwatch.standalone.process;

/** An embedded part cannot run. The message is one clear line for the person at the terminal, and says what to do. */
public final class PartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with the line to print. */
    public PartFailedException(String message) {
        super(message);
    }

    /** Creates the failure with the line to print and its technical cause. */
    public PartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
