// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Debian has folders of the host, one to be read only: what it does in them, what it can't, and all of that again without them. */
@FullLane
@Timeout(600)
class ShareGuestTest {
  private static final int FILES = 10_000;
  private static final String SERVER = "org.xenolith.share.host";

  @TempDir
  private Path outer;
  private Path folder;
  private Path results;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void fill() throws IOException {
    folder = Files.createDirectory(outer.resolve("src"));
    results = Files.createDirectory(outer.resolve("out"));
    Files.writeString(outer.resolve("secret"), "secret");
    Files.writeString(folder.resolve("file"), "of the host\n");
    Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("secret"), outer.resolve("secret"));
  }

  private Launch launch() {
    return InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").memory(256L << 20).guest("debian").append(
        "quiet xl.shell").option("share", List.of(folder + ",readonly", results + ",tag=out")).build(), text -> {}, (kind, place,
            text) -> {});
  }

  private void says(GuestMachine guest, String command, String expected) {
    assertEquals(expected, guest.command(command).strip(), command + guest.events());
  }

  private void mount(GuestMachine guest) {
    guest.runUntil(ShellGuest.PROMPT);
    assertTrue(said.getFirst().endsWith("mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,ro share /mnt"), said.toString());
    for (String line : said) {
      String mount = line.substring(line.indexOf("mount -t"));
      String place = mount.contains(" out ") ? "/out" : "/mnt";
      says(guest, "mkdir -p " + place + "; " + mount.replace(" /mnt", " " + place).replace(",ro ", " ") + "; echo $?", "0");
    }
  }

  private void tryToLeave(GuestMachine guest) {
    says(guest, "cat /mnt/file", "of the host");
    says(guest, "cat /mnt/secret 2>&1", "cat: can't open '/mnt/secret': No such file or directory");
    says(guest, "ls /mnt/up/ | grep -c secret", "0");
    says(guest, "ls /mnt/../ | grep -c secret", "0");
    says(guest, "echo x > /mnt/file", "/bin/sh: can't create /mnt/file: Read-only file system");
    says(guest, "rm /mnt/file 2>&1", "rm: can't remove '/mnt/file': Read-only file system");
    says(guest, "mkdir /mnt/d 2>&1", "mkdir: can't create directory '/mnt/d': Read-only file system");
    says(guest, "mknod /out/null c 1 3 2>&1", "mknod: /out/null: Operation not permitted");
    says(guest, "ln -s ../secret /out/link; cat /out/link 2>&1", "cat: can't open '/out/link': No such file or directory");
    says(guest, "mv /out/link /out/../secret2; ls /out", "");
  }

  private void work(GuestMachine guest) throws IOException {
    says(guest, "cd /out; i=0; while [ $i -lt " + FILES + " ]; do echo $i > f$i; i=$((i+1)); done; cd /; ls /out | wc -l", "" + FILES);
    says(guest, "cat /out/f* | awk '{s+=$1} END {print s}'", "" + FILES * (FILES - 1L) / 2);
    says(guest, "mv /out/f0 /out/g; rm /out/f1*; ls /out | wc -l", "" + (FILES - 1111));
    says(guest, "dd if=/dev/zero of=/out/zeros bs=100k count=30 2>/dev/null; md5sum < /out/zeros", md5(new byte[3_072_000]) + "  -");
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void whatAGuestDoesInFoldersIsDoneAgainWithoutThem() throws IOException {
    Path journal = outer.resolve("journal");
    String digest;
    try (Launch launch = launch(); GuestMachine guest = GuestMachine.of(launch)) {
      guest.machine().record(journal);
      launch.connect(said::add);
      mount(guest);
      tryToLeave(guest);
      work(guest);
      guest.type("poweroff -f\n");
      assertEquals(StopReason.POWER_OFF, guest.run(), guest.console()::text);
      digest = guest.machine().digest();
    }
    assertEquals(FILES - 1111 + 1, count(results));
    assertEquals("0\n", Files.readString(results.resolve("g")));
    assertEquals("secret", Files.readString(outer.resolve("secret")));
    assertFalse(Files.exists(outer.resolve("secret2")));
    Files.move(folder, outer.resolve("gone"));
    Files.move(results, outer.resolve("gone2"));
    try (Launch launch = launch(); GuestMachine guest = GuestMachine.of(launch)) {
      guest.machine().replay(journal);
      assertEquals(StopReason.POWER_OFF, guest.run(), guest.console()::text);
      assertEquals(digest, guest.machine().digest());
    }
  }

  @Test
  void aSnapshotGoesOnWithWhatIsTheSameAndAnErrorForTheRest() throws IOException {
    Path snapshot = outer.resolve("snapshot");
    Files.writeString(folder.resolve("other"), "one\ntwo\n");
    try (Launch launch = launch(); GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(said::add);
      mount(guest);
      guest.command("exec 3</mnt/file 4</mnt/other 5>/out/log; read a <&4; echo begun >&5");
      guest.save(snapshot);
    }
    Files.writeString(folder.resolve("other"), "three\n", StandardOpenOption.APPEND);
    said.clear();
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").option("load", snapshot.toString())
        .build(), text -> {}, (kind, place, text) -> {}); GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(said::add);
      assertTrue(said.stream().anyMatch(text -> text.contains("/other was open when the snapshot was made, and is another file now")), said
          .toString());
      says(guest, "cat <&3", "of the host");
      says(guest, "cat <&4 2>&1", "cat: read error: Stale file handle");
      says(guest, "echo done >&5; cat /out/log", "begun\ndone");
    }
    assertEquals("begun\ndone\n", Files.readString(results.resolve("log")));
  }

  @Test
  void whoServesTheFolderGoesAndComesAndWhatIsOpenStays() throws IOException {
    Path snapshot = outer.resolve("snapshot");
    LiveChange change = InstalledProduct.get().change();
    byte[] jar = InstalledProduct.get().jar(SERVER);
    try (Launch launch = launch(); GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(said::add);
      mount(guest);
      guest.command("exec 3</mnt/file 5>/out/log; echo begun >&5");
      assertTrue(change.remove(SERVER).done());
      try (Launch other = launch()) {
        BadInput refused = assertThrows(BadInput.class, () -> other.connect(text -> {}));
        assertTrue(refused.getMessage().endsWith("no bundle that serves folders is installed (org.xenolith.share.host)"), refused
            .getMessage());
        // What it does for the first time now needs classes that weren't loaded before.
        says(guest, "cat <&3", "of the host");
        says(guest, "echo on >&5; mkdir /out/d; ln -s x /out/d/l; readlink /out/d/l; mv /out/d /out/e; ls /out/e; chmod 600 /out/log",
            "x\nl");
        says(guest, "rm -r /out/e; df /out | wc -l; ls /out", "2\nlog");
        guest.save(snapshot);
      } finally {
        assertTrue(change.add(new ByteArrayInputStream(jar)).done());
      }
      says(guest, "cat /mnt/file", "of the host");
      assertTrue(change.replace(SERVER, new ByteArrayInputStream(JarEdit.version(jar, "1.0.1"))).done());
      says(guest, "echo more >&5; cat /out/log", "begun\non\nmore");
    } finally {
      change.replace(SERVER, new ByteArrayInputStream(jar));
    }
    Files.writeString(results.resolve("other"), "");
    said.clear();
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").option("load", snapshot.toString())
        .build(), text -> {}, (kind, place, text) -> {}); GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(said::add);
      assertTrue(said.stream().anyMatch(text -> text.contains("/log was open when the snapshot was made, and is another file now")), said
          .toString());
      says(guest, "cat /mnt/file; ls /out", "of the host\nlog    other");
    }
  }

  @Test
  void aForkHasNoFolder() throws IOException {
    try (Launch launch = launch(); GuestMachine guest = GuestMachine.of(launch)) {
      launch.connect(said::add);
      mount(guest);
      try (Launch fork = launch.fork((kind, place, text) -> {}); GuestMachine other = GuestMachine.of(fork)) {
        says(other, "cat /mnt/file 2>&1", "cat: can't open '/mnt/file': Input/output error");
        assertTrue(other.events().contains("share-closed"), other.events());
      }
      says(guest, "cat /mnt/file", "of the host");
    }
  }
}
