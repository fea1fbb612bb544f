package io.waxwatch.common.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate authority of a test's own, and what it signs, as PEM files in a folder. */
public final class TestCertificates {

    /**
     * The files of one who can prove who he is.
     *
     * @param certificate his own
     * @param key his private key
     * @param authority the certificate of whoever signed his
     */
    public record Pair(Path certificate, Path key, Path authority) {}

    private final Path folder;
    private final X509Bundle authority;
    private int signed;

    public TestCertificates(Path folder) {
        this.folder = folder;
        try {
            this.authority = new CertificateBuilder()
                    .subject("CN=WaxWatch test authority")
                    .ecp256()
                    .setIsCertificateAuthority(true)
                    .setKeyUsage(
                            true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.digitalSignature)
                    .buildSelfSigned();
        } catch (Exception impossible) {
            throw new AssertionError("no certificate could be made", impossible);
        }
    }

    /** For servers and clients at 127.0.0.1 and localhost. */
    public Pair loopback() {
        return signed(builder().addSanIpAddress("127.0.0.1").addSanDnsName("localhost"));
    }

    /** Signed all right, for a host of another name. */
    public Pair otherHost() {
        return signed(builder().addSanDnsName("elsewhere.example"));
    }

    private static CertificateBuilder builder() {
        return new CertificateBuilder()
                .subject("CN=WaxWatch test")
                .ecp256()
                .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                .addExtendedKeyUsageServerAuth()
                .addExtendedKeyUsageClientAuth();
    }

    private Pair signed(CertificateBuilder builder) {
        try {
            X509Bundle bundle = builder.buildIssuedBy(authority);
            int number = signed++;
            return new Pair(
                    write(number + "-certificate.pem", bundle.getCertificatePEM()),
                    write(number + "-key.pem", bundle.getPrivateKeyPEM()),
                    write("authority.pem", authority.getCertificatePEM()));
        } catch (Exception impossible) {
            throw new AssertionError("no certificate could be made", impossible);
        }
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
