package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The answers of real hosts; names and addresses are examples. */
class SmtpVerdictTest {

    private static SmtpReply reply(String text) {
        return new SmtpReply(
                Integer.parseInt(text.substring(0, 3)),
                Arrays.stream(text.split("\\|"))
                        .map(line -> line.length() > 4 ? line.substring(4) : "")
                        .toList());
    }

    private static void judged(String step, String text, SmtpVerdict verdict) {
        assertThat(SmtpVerdict.of(SmtpStep.valueOf(step), reply(text))).as(text).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "RCPT ~ 504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname ~ US",
                "RCPT ~ 554 5.7.1 <alerts@wax.example>: Sender address rejected: Access denied ~ US",
                "RCPT ~ 554 5.7.1 <c@example.com>: Relay access denied ~ US",
                "RCPT ~ 454 4.7.1 <c@example.com>: Relay access denied ~ US",
                "RCPT ~ 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org ~ US",
                "RCPT ~ 450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1] ~ US",
                "RCPT ~ 450 4.7.1 <wax.invalid>: Helo command rejected: Host not found ~ US",
                "RCPT ~ 550 5.7.1 <wax.invalid>: Helo command rejected: Host not found ~ US",
                "RCPT ~ 450 4.1.8 <alerts@wax.invalid>: Sender address rejected: Domain not found ~ US",
                "RCPT ~ 550 5.1.8 <alerts@wax.invalid>: Sender address rejected: Domain not found ~ US",
                "RCPT ~ 553 5.7.1 <alerts@wax.example>: Sender address rejected: not logged in ~ US",
                "RCPT ~ 530 5.7.0 Must issue a STARTTLS command first ~ US",
                "RCPT ~ 503 5.5.1 Error: need MAIL command ~ US",
                "RCPT ~ 550 5.1.1 <c@example.com>: Recipient address rejected: User unknown in local recipient table ~ MAILBOX",
                "RCPT ~ 550 5.1.1 <c@example.com>: Recipient address rejected: User unknown in virtual mailbox table ~ MAILBOX",
                "RCPT ~ 550 5.1.0 <c@example.com>: User unknown ~ MAILBOX",
                "RCPT ~ 550 5.1.2 <c@nowhere.invalid>: Recipient address rejected: Domain not found ~ MAILBOX",
                "RCPT ~ 501 5.1.3 Bad recipient address syntax ~ MAILBOX",
                "RCPT ~ 556 5.1.10 <c@example.com>: Recipient address rejected: Domain example.com does not accept mail (nullMX) ~ MAILBOX",
                "RCPT ~ 552 5.2.2 <c@example.com>: Recipient address rejected: Mailbox is full ~ MAILBOX",
                "RCPT ~ 450 4.2.0 <c@example.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html ~ LATER",
                "RCPT ~ 450 4.1.1 <c@example.com>: Recipient address rejected: unverified address: connection refused ~ LATER",
                "RCPT ~ 451 4.3.0 <c@example.com>: Temporary lookup failure ~ LATER",
                "RCPT ~ 452 4.3.1 Insufficient system storage ~ LATER",
                "MAIL ~ 452 4.3.1 Insufficient system storage ~ AWAY",
                "MAIL ~ 552 5.3.4 Message size exceeds fixed limit ~ MAIL",
                "END ~ 552 5.3.4 Error: message file too big ~ MAIL",
                "END ~ 451 4.7.1 Service unavailable - try again later ~ LATER",
                "END ~ 550 5.7.1 Content rejected ~ US",
                "END ~ 451 4.3.0 Error: queue file write error ~ LATER",
                "DATA ~ 554 5.5.1 Error: no valid recipients ~ US",
                "EHLO ~ 501 5.5.4 Syntax: EHLO hostname ~ US",
                "GREETING ~ 421 4.7.0 mx.example.com Error: too many connections from 192.0.2.1 ~ AWAY",
                "GREETING ~ 554 5.7.1 mx.example.com: Client host rejected: Access denied ~ US",
                "STARTTLS ~ 454 4.7.0 TLS not available due to local problem ~ AWAY",
                "AUTH ~ 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6 ~ US",
                "AUTH ~ 454 4.7.0 Temporary authentication failure: Connection lost to authentication server ~ AWAY"
            })
    void postfix(String step, String text, SmtpVerdict verdict) {
        judged(step, text, verdict);
    }

    /** It gives no enhanced codes of its own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "RCPT ~ 550 relay not permitted ~ US",
                "RCPT ~ 550 Sender verify failed ~ US",
                "RCPT ~ 550-Verification failed for <alerts@wax.invalid>|550-The mail server could not deliver mail|550 Sender verify failed ~ US",
                "RCPT ~ 550 Unrouteable address ~ MAILBOX",
                "RCPT ~ 550 Unknown user ~ MAILBOX",
                "RCPT ~ 550 no such address here ~ MAILBOX",
                "RCPT ~ 501 <zoë@köln.example>: malformed address: may not follow ~ MAILBOX",
                "RCPT ~ 451 Temporary local problem - please try later ~ LATER",
                "RCPT ~ 452 too many recipients ~ LATER",
                "RCPT ~ 451 greylisted - please try again later ~ LATER",
                "MAIL ~ 501 alerts: sender address must contain a domain ~ US",
                "MAIL ~ 550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1) ~ US",
                "MAIL ~ 552 Message size exceeds maximum permitted ~ MAIL",
                "EHLO ~ 550 EHLO argument does not match calling host ~ US",
                "EHLO ~ 501 Syntactically invalid EHLO argument(s) ~ US",
                "GREETING ~ 554 SMTP service not available ~ US",
                "GREETING ~ 421 Too many concurrent SMTP connections; please try again later. ~ AWAY",
                "DATA ~ 503 Valid RCPT command must precede DATA ~ US",
                "END ~ 550 maximum allowed line length is 998 octets, got 1200 ~ MAIL",
                "END ~ 550 Administrative prohibition ~ MAIL",
                "END ~ 552 Message size exceeds maximum permitted ~ MAIL",
                "END ~ 451 Temporary local problem - please try later ~ LATER",
                "AUTH ~ 535 Incorrect authentication data ~ US",
                "AUTH ~ 435 Unable to authenticate at present ~ AWAY"
            })
    void exim(String step, String text, SmtpVerdict verdict) {
        judged(step, text, verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "RCPT ~ 550 Invalid recipient: <c@example.com> ~ MAILBOX",
                "RCPT ~ 501 5.1.3 Recipient address syntax error ~ MAILBOX",
                "RCPT ~ 524 5.2.4 Mailing list expansion problem: <c@example.com> ~ MAILBOX",
                "MAIL ~ 553 5.1.7 Sender address syntax error ~ US",
                "EHLO ~ 501 5.5.4 Invalid command: EHLO requires domain name ~ US",
                "RCPT ~ 421 4.3.0 Temporary Error ~ AWAY",
                "AUTH ~ 535 Authentication failed ~ US",
                "END ~ 554 5.4.6 Routing loop detected ~ MAIL",
                "RCPT ~ 451 Temporary failure, please try again later. ~ LATER"
            })
    void open_smtpd(String step, String text, SmtpVerdict verdict) {
        judged(step, text, verdict);
    }

    /** As these say it in public. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "RCPT ~ 550-5.1.1 The email account that you tried to reach does not exist. Please try|550 5.1.1 double-checking the recipient's email address ~ MAILBOX",
                "RCPT ~ 550 5.2.1 The email account that you tried to reach is disabled. ~ MAILBOX",
                "RCPT ~ 452 4.2.2 The recipient's inbox is out of storage space. ~ LATER",
                "RCPT ~ 552 5.2.2 The recipient's inbox is out of storage space and inactive. ~ MAILBOX",
                "RCPT ~ 450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages. ~ LATER",
                "END ~ 550 5.7.26 This mail has been blocked because the sender is unauthenticated. ~ US",
                "END ~ 421 4.7.28 Our system has detected an unusual rate of unsolicited mail ~ AWAY",
                "RCPT ~ 550 5.5.0 Requested action not taken: mailbox unavailable ~ MAILBOX",
                "RCPT ~ 550 5.4.1 Recipient address rejected: Access denied. ~ MAIL",
                "MAIL ~ 550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. ~ US",
                "RCPT ~ 550 5.7.606 Access denied, banned sending IP [192.0.2.1] ~ US",
                "RCPT ~ 451 4.7.500 Server busy. Please try again later ~ LATER",
                "GREETING ~ 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume ~ AWAY",
                "RCPT ~ 554 delivery error: dd This user doesn't have a yahoo.com account ~ US",
                "RCPT ~ 451 4.7.1 Greylisting in action, please come back in 00:05:00 ~ LATER",
                "RCPT ~ 553 5.6.7 Address <zoë@example.com> needs SMTPUTF8 ~ MAILBOX",
                "END ~ 550 5.2.3 Message length exceeds administrative limit ~ MAIL"
            })
    void others(String step, String text, SmtpVerdict verdict) {
        judged(step, text, verdict);
    }

    @ParameterizedTest
    @EnumSource(SmtpStep.class)
    void a_host_that_closes_is_away_wherever_it_says_so(SmtpStep step) {
        judged(step.name(), "421 4.7.0 closing", SmtpVerdict.AWAY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "AUTH ~ 535 5.7.8 no ~ SMTP_USERNAME",
                "RCPT ~ 504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname ~ SMTP_EHLO_NAME",
                "RCPT ~ 454 4.7.1 <c@example.com>: Relay access denied ~ SMTP_USERNAME",
                "RCPT ~ 554 5.7.1 <alerts@wax.example>: Sender address rejected: Access denied ~ NOTIFICATION_SENDER_EMAIL",
                "MAIL ~ 550 not allowed ~ NOTIFICATION_SENDER_EMAIL",
                "GREETING ~ 554 no ~ SMTP_HOST",
                "STARTTLS ~ 502 no ~ SMTP_STARTTLS",
                "END ~ 550 5.7.26 unauthenticated ~ DMARC"
            })
    void the_line_in_the_log_says_what_to_mend(String step, String text, String setting) {
        assertThat(SmtpVerdict.advice(SmtpStep.valueOf(step), reply(text))).contains(setting);
    }
}
