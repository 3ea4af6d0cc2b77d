// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.cert.X509Certificate;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.xenolith.command.kit.ShownName;

/** Who signed a jar (JAR File Specification, Signed JAR File). Whether somebody vouches for the signer isn't looked at: a name is what the signer's certificate says. */
final class JarSignature {
  private static final Pattern PARTS = Pattern.compile("META-INF/(?:MANIFEST\\.MF|SIG-.*|[^/]+\\.(?:SF|RSA|DSA|EC))");
  private static final Pattern SIGNED = Pattern.compile("META-INF/[^/]+\\.SF");

  private JarSignature() {}

  /**
   * The names of those who signed all of it.
   *
   * @return empty if it isn't signed
   * @throws IOException if it is signed and isn't what was signed, in part or as a whole; the message says why, without the file's name
   */
  static String signer(Path file) throws IOException {
    boolean signed = false;
    Set<String> signers = null;
    String uncovered = null;
    try (JarFile jar = new JarFile(file.toFile(), true)) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements();) {
        JarEntry entry = entries.nextElement();
        String name = entry.getName().toUpperCase(Locale.ROOT);
        signed |= SIGNED.matcher(name).matches();
        if (entry.isDirectory() || PARTS.matcher(name).matches()) {
          continue;
        }
        // Only who has read all of an entry knows.
        try (InputStream in = jar.getInputStream(entry)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        Set<String> of = names(entry.getCodeSigners());
        if (of.isEmpty()) {
          uncovered = entry.getName();
        }
        if (signers == null) {
          signers = of;
        } else {
          signers.retainAll(of);
        }
      }
    } catch (SecurityException broken) {
      throw new IOException("its signature is broken: " + broken.getMessage() + ". Get it again from who made it", broken);
    }
    if (signed && uncovered != null) {
      throw new IOException("its signature is broken: it doesn't hold for " + ShownName.of(uncovered) + ". Get it again from who made it");
    }
    if (signed && (signers == null || signers.isEmpty())) {
      throw new IOException("its signature is broken: nobody signed all of it. Get it again from who made it");
    }
    return signed ? String.join(" and ", signers) : "";
  }

  private static Set<String> names(CodeSigner[] signers) {
    Set<String> names = new TreeSet<>();
    for (CodeSigner signer : signers == null ? new CodeSigner[0] : signers) {
      if (signer.getSignerCertPath().getCertificates().getFirst() instanceof X509Certificate certificate) {
        names.add(certificate.getSubjectX500Principal().getName());
      }
    }
    return names;
  }
}
