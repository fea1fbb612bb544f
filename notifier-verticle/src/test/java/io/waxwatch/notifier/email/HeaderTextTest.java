package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

    private static final int SUBJECT = "Subject: ".length();
    private static final Pattern ENCODED_WORD = Pattern.compile("=\\?UTF-8\\?[BQ]\\?[!-~&&[^?]]*\\?=");

    private static String decoded(String header) throws Exception {
        return MimeUtility.decodeText(MimeUtility.unfold(header));
    }

    private static void fits(String header, int used) {
        String[] lines = header.split("\r\n", -1);
        for (int i = 0; i < lines.length; i++) {
            assertThat((i == 0 ? used : 0) + lines[i].length()).as(lines[i]).isLessThanOrEqualTo(76);
            assertThat(lines[i]).as("ASCII, and no bare line's end").matches("[ -~]*");
            assertThat(i == 0 || lines[i].startsWith(" ") && !lines[i].isBlank())
                    .isTrue();
        }
    }

    @Test
    void characters_outside_the_basic_plane_arrive() throws Exception {
        String header = HeaderText.text("WaxWatch: 💿 Blue Train 🎷 — 18.50 USD", SUBJECT);

        assertThat(header).doesNotContain("=3F");
        assertThat(decoded(header)).isEqualTo("WaxWatch: 💿 Blue Train 🎷 — 18.50 USD");
    }

    @Test
    void plain_texts_stay_readable() {
        assertThat(HeaderText.text("WaxWatch: Blue Train - 18.50 USD", SUBJECT))
                .isEqualTo("WaxWatch: Blue Train - 18.50 USD");
        assertThat(HeaderText.text(("word ".repeat(30)).strip(), SUBJECT))
                .startsWith("word word")
                .contains("\r\n word");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?UTF-8?Q?forged?=", "a  b", " leading", "trailing ", "=?", "?="})
    void what_could_be_read_as_something_else_is_encoded(String text) throws Exception {
        assertThat(decoded(HeaderText.text(text, SUBJECT))).isEqualTo(text);
    }

    @Test
    void a_word_of_three_hundred_characters_is_folded_too() throws Exception {
        String word = "Supercalifragilistic".repeat(15);
        String header = HeaderText.text(word, SUBJECT);

        fits(header, SUBJECT);
        assertThat(decoded(header)).isEqualTo(word);
    }

    @Property
    void an_emoji_is_never_cut_wherever_it_stands(
            @ForAll @IntRange(max = 200) int before, @ForAll @IntRange(max = 90) int after) throws Exception {
        for (String filler : new String[] {"a", "é", "漢"}) {
            String text = filler.repeat(before) + "💿" + filler.repeat(after);
            String header = HeaderText.text(text, SUBJECT);

            fits(header, SUBJECT);
            assertThat(decoded(header)).isEqualTo(text);
            var words = ENCODED_WORD.matcher(header);
            while (words.find()) {
                assertThat(words.group().length()).isLessThanOrEqualTo(75);
                assertThat(MimeUtility.decodeWord(words.group()))
                        .as("each word is whole")
                        .doesNotContain("\uFFFD");
            }
        }
    }

    @Property
    void any_one_line_arrives_as_it_is(@ForAll("lines") String text) throws Exception {
        String header = HeaderText.text(text, SUBJECT);

        fits(header, SUBJECT);
        assertThat(decoded(header)).isEqualTo(text);
    }

    @Property
    void any_name_is_shown_as_it_is_and_adds_no_address(@ForAll("lines") String name) throws Exception {
        String header = HeaderText.mailbox(name, "alerts@waxwatch.example", "From: ".length());

        for (String line : header.split("\r\n", -1)) {
            assertThat(line).matches("[ -~]+").hasSizeLessThanOrEqualTo(125);
        }
        InternetAddress[] read = InternetAddress.parseHeader(MimeUtility.unfold(header), true);
        assertThat(read).hasSize(1);
        assertThat(read[0].getAddress()).isEqualTo("alerts@waxwatch.example");
        assertThat(read[0].getPersonal()).isEqualTo(name.isEmpty() ? null : name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"WaxWatch", "Wax \"The\" Watch", "WaxWatch, Inc.", "Wachs — für alle", "a@b", "📀", "back\\slash"
            })
    void names_are_names_and_no_comments(String name) throws Exception {
        String header = HeaderText.mailbox(name, "alerts@waxwatch.example", "From: ".length());

        assertThat(header).endsWith(" <alerts@waxwatch.example>");
        assertThat(InternetAddress.parse(header)[0].getPersonal()).isEqualTo(name);
    }

    /** One line without controls or halves of pairs, as the composer leaves them. */
    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> pieces = Arbitraries.of(
                "💿",
                "👩‍👩‍👧",
                "é",
                "漢字",
                "=?",
                "?=",
                "_",
                "=",
                "a",
                " ",
                "Blue Train",
                "“",
                "\"",
                "\\",
                "(",
                ")",
                "<",
                ",",
                "@",
                "x".repeat(70));
        return Arbitraries.oneOf(
                        pieces.list().ofMaxSize(40).map(list -> String.join("", list)),
                        Arbitraries.strings().ascii().ofMaxLength(100),
                        Arbitraries.strings().ofMaxLength(60))
                .map(text -> MailComposer.clean(text).orElse(""));
    }
}
