package io.waxwatch.common.digests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class DigestsTest {

    /** The examples of FIPS 180-4. */
    @Example
    void digests_are_those_of_the_standard() {
        assertThat(Digests.sha256Hex("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(HexFormat.of().formatHex(Digests.sha1("abc".getBytes(US_ASCII))))
                .isEqualTo("a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    @Property(tries = 100)
    void a_body_in_pieces_and_parts_in_a_row_have_the_digest_of_the_whole(@ForAll @Size(max = 70_000) byte[] bytes) {
        byte[] head = java.util.Arrays.copyOf(bytes, bytes.length / 2);
        byte[] tail = java.util.Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length);

        assertThat(Digests.sha256(Buffer.buffer(bytes)))
                .isEqualTo(Digests.sha256(bytes))
                .isEqualTo(Digests.sha256(head, tail));
    }
}
