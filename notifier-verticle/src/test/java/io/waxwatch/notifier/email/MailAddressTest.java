package io.waxwatch.notifier.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.IDN;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailAddressTest {

    @ParameterizedTest
    @CsvSource({
        "collector@example.com,collector@example.com,false",
        "Collector+wax@Example.COM,Collector+wax@example.com,false",
        "zoe@köln.example,zoe@xn--kln-sna.example,false",
        "zoe@KÖLN.example,zoe@xn--kln-sna.example,false",
        "zoe@例え.テスト,zoe@xn--r8jz45g.xn--zckzah,false",
        "zoe@例え。テスト,zoe@xn--r8jz45g.xn--zckzah,false",
        "zoe@xn--kln-sna.example,zoe@xn--kln-sna.example,false",
        "zoë@example.com,zoë@example.com,true",
        "zoë@köln.example,zoë@xn--kln-sna.example,true"
    })
    void domains_are_written_as_the_dns_has_them(String address, String wire, boolean utf8) {
        MailAddress read = MailAddress.parse(address).orElseThrow();

        assertThat(read).hasToString(wire);
        assertThat(read.needsUtf8()).isEqualTo(utf8);
    }

    /** The values are those of IDNA 2008, as registries have them; IDNA 2003 would send the mail to strasse.de and βόλοσ. */
    @ParameterizedTest
    @CsvSource({"a@straße.de,a@xn--strae-oqa.de", "a@faß.de,a@xn--fa-hia.de", "a@βόλος.com,a@xn--nxasmm1c.com"})
    void a_domain_with_a_character_that_was_once_replaced_stays_itself(String address, String wire) {
        assertThat(MailAddress.parse(address).orElseThrow()).hasToString(wire);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "a@",
                "@b",
                "a@b@c",
                "a b@c",
                "a@b c",
                "a@b\r\nRCPT TO:<c@d>",
                "a@b.c>",
                "<a@b.c>",
                "A <a@b.c>",
                "a@b,c@d",
                "a@b..c",
                "a@.b",
                "a@b.",
                "a@exa\u200Dmple.com",
                "a\u202E@example.com",
                "a@\uD83D.com",
                "\uD83D@example.com",
                "a@b%0d.com",
                "a@[127.0.0.1]"
            })
    void what_is_no_bare_address_is_none(String address) {
        assertThat(MailAddress.parse(address)).isEmpty();
    }

    @Property
    void labels_are_written_as_the_jdk_writes_them(@ForAll("labels") String label) {
        String expected = IDN.toASCII(label, IDN.ALLOW_UNASSIGNED);

        if (!expected.equals(label)) {
            assertThat("xn--" + Punycode.encode(label)).isEqualTo(expected);
        }
    }

    @Provide
    Arbitrary<String> labels() {
        return Arbitraries.strings()
                .withChars("abcxyz0189-äöüéèñçøåæœłžšđþабвгдежзиклмнопрст漢字仮名東京大阪한국어")
                .ofMinLength(1)
                .ofMaxLength(14)
                .filter(label -> !label.startsWith("-") && !label.startsWith("xn--"));
    }
}
