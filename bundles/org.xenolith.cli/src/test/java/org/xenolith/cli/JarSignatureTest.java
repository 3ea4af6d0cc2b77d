// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that are signed, and what somebody changed in them afterwards. */
class JarSignatureTest {
  private static final char[] WORD = "not secret".toCharArray();
  @TempDir
  static Path keys;
  private static JarSigner signer;

  @TempDir
  Path folder;

  @BeforeAll
  static void aKey() throws Exception {
    Path store = keys.resolve("keys");
    Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString(), "-J-XX:TieredStopAtLevel=1",
        "-genkeypair", "-keyalg", "EC", "-alias", "acme", "-dname", "CN=Acme", "-keystore", store.toString(), "-storepass", new String(
            WORD))
        .redirectErrorStream(true).redirectOutput(keys.resolve("said.txt").toFile()).start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS)) {
      keytool.destroyForcibly();
      throw new AssertionError("keytool takes more than a minute");
    }
    KeyStore loaded = KeyStore.getInstance(store.toFile(), WORD);
    signer = new JarSigner.Builder((KeyStore.PrivateKeyEntry) loaded.getEntry("acme", new PasswordProtection(WORD))).build();
  }

  private Path jar(Map<String, String> entries) throws IOException {
    Path jar = folder.resolve("plain.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, String> each : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(each.getKey()));
        out.write(each.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private Path signed() throws IOException {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(JarFile.MANIFEST_NAME, "Manifest-Version: 1.0\r\nBundle-SymbolicName: acme\r\n\r\n");
    entries.put("a.txt", "one");
    entries.put("b.txt", "two");
    Path jar = folder.resolve("signed.jar");
    try (ZipFile plain = new ZipFile(jar(entries).toFile()); OutputStream out = Files.newOutputStream(jar)) {
      signer.sign(plain, out);
    }
    return jar;
  }

  /** The same with other content of what has this name; null takes it out, and a name that isn't there comes. */
  private Path changed(Path jar, String name, String content) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry each : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(each)) {
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          in.transferTo(all);
          entries.put(each.getName(), all.toByteArray());
        }
      }
    }
    if (content == null) {
      entries.keySet().removeIf(each -> each.matches(name));
    } else {
      entries.put(name, content.getBytes(StandardCharsets.UTF_8));
    }
    Path changed = folder.resolve("changed.jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(changed))) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(each.getKey()));
        out.write(each.getValue());
      }
    }
    return changed;
  }

  private static String refusal(Path jar) {
    return assertThrows(IOException.class, () -> JarSignature.signer(jar)).getMessage();
  }

  @Test
  void whoSignedAllOfItIsNamed() throws IOException {
    assertEquals("CN=Acme", JarSignature.signer(signed()));
  }

  @Test
  void aJarWithoutSignatureHasNobody() throws IOException {
    assertEquals("", JarSignature.signer(jar(Map.of("a.txt", "one"))));
  }

  @Test
  void anAlteredEntryBreaksIt() throws IOException {
    assertTrue(refusal(changed(signed(), "b.txt", "three")).startsWith("its signature is broken: SHA-"));
  }

  @Test
  void anAddedEntryBreaksIt() throws IOException {
    assertEquals("its signature is broken: it doesn't hold for c.txt. Get it again from who made it", refusal(changed(signed(), "c.txt",
        "three")));
  }

  @Test
  void aSignatureWithoutItsBlockIsBroken() throws IOException {
    assertTrue(refusal(changed(signed(), "META-INF/.*\\.EC", null)).startsWith("its signature is broken: it doesn't hold for "));
  }

  @Test
  void anotherManifestBreaksIt() throws IOException {
    assertTrue(refusal(changed(signed(), JarFile.MANIFEST_NAME, "Manifest-Version: 1.0\r\n\r\n")).startsWith("its signature is broken: "));
  }
}
