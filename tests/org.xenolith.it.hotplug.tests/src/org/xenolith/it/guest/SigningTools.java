// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Keys, signed programs and signature lists, made by openssl, sbsigntool and efitools, which releng/test-tools fetches. */
public final class SigningTools {
  private static final String OWNER = "12345678-9abc-def0-1234-56789abcdef0";
  private static final int TIMEOUT_SECONDS = 60;

  private final Path folder;

  /** Tools whose files go into a folder. */
  public SigningTools(Path folder) {
    this.folder = folder;
  }

  private void run(String tool, Object... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(each -> Path.of(each, tool))
        .filter(Files::isExecutable).findFirst().orElseThrow(() -> new AssertionError(tool
            + " is not on PATH; let releng/test-tools fetch it"))
        .toString()));
    Stream.of(arguments).map(Object::toString).forEach(line::add);
    Path said = folder.resolve("said");
    Process process = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(line + ": " + Files.readString(said, StandardCharsets.ISO_8859_1));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Makes a key and its certificate. */
  public SigningTools key(String name) throws IOException {
    Path settings = Files.writeString(folder.resolve("settings"), "[req]\ndistinguished_name = name\n[name]\n"); // the system's may be absent
    run("openssl", "req", "-config", settings, "-new", "-x509", "-newkey", "rsa:2048", "-subj", "/CN=" + name + "/", "-keyout", name
        + ".key", "-out", name
            + ".crt", "-days", 3650, "-nodes", "-sha256");
    return this;
  }

  /** A program with a signature, behind those that it has. */
  public byte[] sign(String signer, byte[] program) throws IOException {
    Files.write(folder.resolve("program"), program);
    run("sbsign", "--key", signer + ".key", "--cert", signer + ".crt", "--output", "signed", "program");
    run("sbverify", "--cert", signer + ".crt", "signed");
    return Files.readAllBytes(folder.resolve("signed"));
  }

  /** What SetVariable is given for a list with a certificate. @param signer who signs the write */
  public byte[] certificate(String signer, String variable, String name) throws IOException {
    run("cert-to-efi-sig-list", "-g", OWNER, name + ".crt", "list");
    return write(signer, variable);
  }

  /** The same for the hash of a program, as Authenticode makes it. */
  public byte[] hash(String signer, String variable, byte[] program) throws IOException {
    Files.write(folder.resolve("program"), program);
    run("hash-to-efi-sig-list", "program", "list");
    return write(signer, variable);
  }

  private byte[] write(String signer, String variable) throws IOException {
    run("sign-efi-sig-list", "-t", "2026-01-01 00:00:00", "-g", OWNER, "-k", signer + ".key", "-c", signer + ".crt", variable, "list",
        "write");
    return Files.readAllBytes(folder.resolve("write"));
  }
}
