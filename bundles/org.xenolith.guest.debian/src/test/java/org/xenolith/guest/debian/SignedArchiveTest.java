// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.ProgressListener;

/** The real apt, as a host of another distribution, on a signed archive in a folder. */
class SignedArchiveTest {
  @TempDir
  private static Path work;
  private static Path keys;
  private static String address;
  private static byte[] deb;

  /** What needs a host with apt and gpg. */
  @TestFactory
  List<DynamicTest> onAHostWithApt() {
    return address == null ? List.of() : List.of(dynamicTest("aHostOfAnotherDistributionReadsDebiansArchiveWithDebiansKeys",
        this::aHostOfAnotherDistributionReadsDebiansArchiveWithDebiansKeys), dynamicTest("whatOthersSignedIsNotTaken",
            this::whatOthersSignedIsNotTaken), dynamicTest("aFileIsCopiedAndOneThatIsNotThereIsGone",
                this::aFileIsCopiedAndOneThatIsNotThereIsGone));
  }

  @BeforeAll
  static void sign() throws IOException {
    if (!List.of("apt-get", "apt-cache", "gpg", "gpgv").stream().allMatch(program -> Command.exists(program, System.getenv()))) {
      return; // then there is no test
    }
    Path archive = work.resolve("archive");
    Path suite = Files.createDirectories(archive.resolve("dists/stable/main/binary-arm64"));
    deb = new TarFile().file("./usr/bin/tool", new byte[9]).deb();
    Path pool = Files.createDirectories(archive.resolve("pool/main"));
    Files.write(pool.resolve("tool_1_arm64.deb"), deb);
    byte[] index = ("Package: tool\nVersion: 1\nArchitecture: arm64\nFilename: pool/main/tool_1_arm64.deb\nSize: " + deb.length
        + "\nSHA256: "
        + Digests.sha256(deb) + "\nDescription: a tool\n\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Files.write(suite.resolve("Packages"), index);
    Path release = Files.writeString(work.resolve("Release"), "Origin: Test\nSuite: stable\nCodename: stable\nArchitectures: arm64\n"
        + "Components: main\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n " + Digests.sha256(index) + " " + index.length
        + " main/binary-arm64/Packages\n");
    Path home = Files.createDirectory(work.resolve("gnupg"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(
        "rwx------")));
    keys = work.resolve("keys.gpg");
    boolean signed = gpg(home, "--passphrase", "", "--quick-generate-key", "test@example.org", "ed25519", "sign", "never")
        && gpg(home, "--output", keys.toString(), "--export")
        && gpg(home, "--output", archive.resolve("dists/stable/InRelease").toString(), "--clearsign", release.toString());
    Command.run(List.of("gpgconf", "--homedir", home.toString(), "--kill", "gpg-agent"), work, line -> {});
    address = signed ? "file:" + archive : null; // a host whose gpg can't sign has no test
  }

  private static boolean gpg(Path home, String... words) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of("gpg", "--homedir", home.toString(), "--batch", "--quiet"));
    command.addAll(List.of(words));
    Command.Result result = Command.run(command, work, line -> {});
    return result.exit() == 0;
  }

  private static AptClient client(String state, Path keys) throws IOException {
    Path release = Files.writeString(work.resolve("os-release"), "ID=ubuntu\nVERSION_CODENAME=noble\n");
    return new AptClient(work.resolve(state), release, System.getenv(), () -> List.of(new PackageLock.Archive(address, "pool/", List.of(
        "stable"))), keys);
  }

  private void aHostOfAnotherDistributionReadsDebiansArchiveWithDebiansKeys() throws IOException {
    AptClient client = client("state", keys);
    assertEquals(Optional.empty(), client.index());
    client.update(ProgressListener.SILENT);
    LockedPackage tool = client.candidate("tool");
    assertEquals(new LockedPackage("tool", "1", deb.length, Digests.sha256(deb), "pool/main/tool_1_arm64.deb"), tool);
    assertEquals(List.of(tool), client.closure(List.of("tool")));
    Path file = client.download(tool, Files.createDirectories(work.resolve("arrival")), ProgressListener.SILENT);
    assertEquals(tool.sha256(), Digests.sha256(file));
    assertEquals(List.of(), client.mirrors(new PackageLock.Archive(address, "pool/", List.of("stable"))), "its sources are others");
    assertEquals(List.of("stable of Thu, 01 Jan 2026 00:00:00 UTC"), client.index().orElseThrow().releases());
    assertEquals(tool, client("state", keys).candidate("tool"), "another process has it without reading it");
    Path lists = work.resolve("state/lists");
    try (Stream<Path> files = Files.list(lists)) {
      Path index = files.filter(one -> one.toString().endsWith("_InRelease")).findFirst().orElseThrow();
      String text = Files.readString(index);
      Files.delete(index); // apt links it where the archive is a folder
      Files.writeString(index, text.replace("2026", "2027"));
    }
    assertEquals(Optional.empty(), client("state", keys).index(), "what was changed is not what was checked");
    client.update(ProgressListener.SILENT);
    assertEquals(1, client.index().orElseThrow().releases().size());
  }

  private void whatOthersSignedIsNotTaken() throws IOException {
    Path others = Files.write(work.resolve("others.gpg"), new byte[0]);
    AptClient client = client("other-state", others);
    client.update(ProgressListener.SILENT);
    assertEquals(Optional.empty(), client.index());
    String message = assertThrows(IOException.class, () -> client.candidate("tool")).getMessage();
    assertTrue(message.startsWith("Debian's arm64 package 'tool' is not in the indexes"), message);
  }

  private void aFileIsCopiedAndOneThatIsNotThereIsGone() throws IOException {
    Download download = Download.of(Map.of());
    Path target = work.resolve("copy");
    download.copy(address + "/pool/main/tool_1_arm64.deb", target, bytes -> {});
    assertEquals(Digests.sha256(deb), Digests.sha256(target));
    assertThrows(java.io.FileNotFoundException.class, () -> download.copy(address + "/pool/main/tool_2_arm64.deb", target, bytes -> {}));
    assertThrows(IOException.class, () -> download.copy("ftp://127.0.0.1/tool", target, bytes -> {}));
    assertThrows(java.net.ConnectException.class, () -> download.copy("http://127.0.0.1:1/tool", target, bytes -> {}));
    assertThrows(java.net.ConnectException.class, () -> Download.of(Map.of("http_proxy", "127.0.0.1:1")).copy("http://archive.invalid/tool",
        target, bytes -> {}));
  }
}
