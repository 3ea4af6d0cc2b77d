// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** A Debian domain has folders of the host by Xen's transport of 9P, one to be read only: what it does in them, what it can't, and all of that again without them. */
@FullLane
@Timeout(600)
class DomainFoldersTest {
  private static final String BACK_END = "org.xenolith.hyp.ninepback";
  private static final String NAME = "one";
  private static final int FILES = 300;

  @TempDir
  private static Path images;
  private static Path kernel;
  private static Path ramdisk;

  @TempDir
  private Path outer;
  private Path folder;
  private Path results;
  private final List<String> said = new ArrayList<>();

  @BeforeAll
  static void fetch() throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow().obtain(System.out::println, GuestRequest.PLAIN.withModule("9pnet_xen").withModule("9p"));
    kernel = Files.write(images.resolve("kernel"), debian.kernel());
    ramdisk = Files.write(images.resolve("ramdisk"), debian.initrd().orElseThrow());
  }

  @BeforeEach
  void fill() throws IOException {
    folder = Files.createDirectory(outer.resolve("src"));
    results = Files.createDirectory(outer.resolve("out"));
    Files.writeString(outer.resolve("secret"), "secret");
    Files.writeString(folder.resolve("file"), "of the host\n");
    Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("secret"), outer.resolve("secret"));
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    replace(InstalledProduct.get().jar(BACK_END));
  }

  private static void replace(byte[] jar) throws IOException {
    Change done = InstalledProduct.get().change().replace(BACK_END, new ByteArrayInputStream(jar));
    assertTrue(done.done(), done::toString);
  }

  private Path config(String name, Path shared) throws IOException {
    return Files.writeString(outer.resolve(name + ".cfg"), """
        name = "%s"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        extra = "console=hvc0 quiet cryptomgr.notests xl.domu xl.shell"
        p9 = [ 'tag=src,path=%s,security_model=none,readonly', 'tag=out,path=%s,security_model=none' ]
        """.formatted(name, kernel, ramdisk, shared, results));
  }

  private HypervisorGuest launch() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").boardOption("gic", "3").memory(768L << 20).hypervisor(true).noDom0(true).domUs(List
        .of(config(NAME, folder))).build();
    HypervisorGuest guest = HypervisorGuest.launch(request);
    guest.console(NAME);
    return guest;
  }

  private static void says(HypervisorGuest guest, String command, String expected) {
    assertEquals(expected, guest.shell(NAME, command).replace("\r", ""), command + guest.events());
  }

  private void mount(HypervisorGuest guest) {
    guest.runUntil(NAME, HypervisorGuest.PROMPT);
    assertEquals(List.of(NAME + ": p9 'src', " + folder
        + ": in the guest: mount -t 9p -o trans=xen,version=9p2000.L,msize=262144,ro src /mnt",
        NAME + ": p9 'out', " + results + ": in the guest: mount -t 9p -o trans=xen,version=9p2000.L,msize=262144 out /mnt"), said);
    for (String line : said) {
      String mount = line.substring(line.indexOf("mount -t"));
      String place = mount.contains(" out ") ? "/out" : "/mnt";
      says(guest, "mkdir -p " + place + "; " + mount.replace(" /mnt", " " + place).replace(",ro ", " ") + "; echo $?", "0");
    }
  }

  private static void tryToLeave(HypervisorGuest guest) {
    says(guest, "cat /mnt/file", "of the host");
    says(guest, "cat /mnt/secret 2>&1", "cat: can't open '/mnt/secret': No such file or directory");
    says(guest, "ls /mnt/up/ | grep -c secret", "0");
    says(guest, "ls /mnt/../ | grep -c secret", "0");
    says(guest, "rm /mnt/file 2>&1", "rm: can't remove '/mnt/file': Read-only file system");
    says(guest, "mknod /out/null c 1 3 2>&1", "mknod: /out/null: Operation not permitted");
    says(guest, "ln -s ../secret /out/link; cat /out/link 2>&1", "cat: can't open '/out/link': No such file or directory");
    says(guest, "rm /out/link; ls /out", "");
  }

  /** More than both rings hold, so that they come round: 3 MB each way, and messages of 256 KiB. */
  private static void work(HypervisorGuest guest) {
    says(guest, "i=0; while [ $i -lt " + FILES + " ]; do echo $i > /out/f$i; i=$((i+1)); done; ls /out | wc -l", "" + FILES);
    says(guest, "cat /out/f* | awk '{s+=$1} END {print s}'", "" + FILES * (FILES - 1) / 2);
    says(guest, "dd if=/dev/urandom of=/tmp/r bs=100k count=30 2>/dev/null; cp /tmp/r /out/r; echo 3 > /proc/sys/vm/drop_caches;"
        + " cmp /tmp/r /out/r && echo same", "same");
  }

  /** The machine ends with its last domain. @return what it is then */
  private static String end(HypervisorGuest guest) {
    assertEquals(StopReason.POWER_OFF, guest.machine().run(RunLimit.NONE), guest.console(NAME)::text);
    return guest.machine().digest() + guest.console(NAME).text();
  }

  @Test
  void whatADomainDoesInFoldersIsDoneAgainWithoutThem() throws IOException {
    Path journal = outer.resolve("journal");
    String end;
    try (HypervisorGuest guest = launch()) {
      guest.machine().record(journal);
      guest.connect(said::add);
      mount(guest);
      tryToLeave(guest);
      work(guest);
      guest.type(NAME, "poweroff -f");
      end = end(guest);
    }
    assertEquals("7\n", Files.readString(results.resolve("f7")));
    assertEquals(3_072_000, Files.size(results.resolve("r")));
    assertEquals("secret", Files.readString(outer.resolve("secret")));
    Files.move(folder, outer.resolve("gone"));
    Files.move(results, outer.resolve("gone2"));
    try (HypervisorGuest guest = launch()) {
      guest.machine().replay(journal);
      assertEquals(end, end(guest));
    }
  }

  @Test
  void aSnapshotGoesOnWithWhatIsTheSameAndAnErrorForTheRest() throws IOException {
    Path snapshot = outer.resolve("snapshot");
    Files.writeString(folder.resolve("other"), "one\ntwo\n");
    try (HypervisorGuest guest = launch()) {
      guest.connect(said::add);
      mount(guest);
      guest.type(NAME, "exec 3</mnt/file 4</mnt/other 5>/out/log; read a <&4; echo begun >&5; echo op''ened");
      guest.runUntil(NAME, "opened");
      guest.save(snapshot);
    }
    Files.writeString(folder.resolve("other"), "three\n", StandardOpenOption.APPEND);
    said.clear();
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(snapshot).build())) {
      guest.connect(said::add);
      assertTrue(said.stream().anyMatch(text -> text.contains("/other was open when the snapshot was made, and is another file now")), said
          .toString());
      says(guest, "cat <&3", "of the host");
      says(guest, "cat <&4 2>&1", "cat: read error: Stale file handle");
      says(guest, "echo done >&5; cat /out/log", "begun\ndone");
    }
    assertEquals("begun\ndone\n", Files.readString(results.resolve("log")));
  }

  @Test
  void aForkHasNoFolder() throws IOException {
    try (HypervisorGuest guest = launch()) {
      guest.connect(said::add);
      mount(guest);
      try (HypervisorGuest other = guest.fork()) {
        says(other, "cat /mnt/file 2>&1", "cat: can't open '/mnt/file': Input/output error");
        assertTrue(other.events().contains("share-closed"), other.events());
      }
      says(guest, "cat /mnt/file", "of the host");
    }
  }

  @Test
  void anotherVersionGoesOnWithOpenFilesAndWithoutOneTheDomainWaits() throws IOException {
    try (HypervisorGuest guest = launch()) {
      guest.connect(said::add);
      mount(guest);
      guest.type(NAME, "exec 3</mnt/file 5>/out/log; echo begun >&5; dd if=/dev/zero of=/out/zeros bs=64k count=200; echo writ''ten");
      guest.run(20);
      replace(JarEdit.version(InstalledProduct.get().jar(BACK_END), "1.0.1"));
      guest.runUntil(NAME, "written");
      assertEquals(200 * 65536, Files.size(results.resolve("zeros")));
      Change removed = InstalledProduct.get().change().remove(BACK_END);
      assertTrue(removed.done(), removed::toString);
      try {
        guest.type(NAME, "cat <&3; echo re''ad");
        guest.run(500);
        assertFalse(guest.console(NAME).text().contains("read\n"), guest.console(NAME)::text);
      } finally {
        Change added = InstalledProduct.get().change().add(new ByteArrayInputStream(InstalledProduct.get().jar(BACK_END)));
        assertTrue(added.done(), added::toString);
      }
      guest.runUntil(NAME, "of the host");
      says(guest, "echo done >&5; cat /out/log", "begun\ndone");
    }
  }

  @Test
  void whatCantBeSharedIsSaidBeforeTheStartAndOfALaterDomainWhenItIsMade() throws IOException {
    Path missing = outer.resolve("missing");
    Files.move(folder, missing);
    try (HypervisorGuest guest = launch()) {
      BadInput refused = assertThrows(BadInput.class, () -> guest.connect(said::add));
      assertEquals(NAME + ": p9 'src', " + folder + ": there is no such folder; make it, or correct the path", refused.getMessage());
    }
    Files.move(missing, folder);
    said.clear();
    try (HypervisorGuest guest = launch()) {
      guest.connect(said::add);
      guest.runUntil(NAME, HypervisorGuest.PROMPT);
      guest.xl("destroy " + NAME);
      said.clear();
      guest.xl("create " + config(NAME, missing));
      assertEquals(NAME + ": p9 'src', " + missing
          + ": there is no such folder; make it, or correct the path; its guest gets an error (EIO) for what it asks", said.getFirst());
      GuestConsole console = guest.console(NAME);
      guest.runUntil(console, HypervisorGuest.PROMPT, console.length());
      says(guest, "mkdir /a; mount -t 9p -o trans=xen,version=9p2000.L src /a 2>&1",
          "mount: mounting src on /a failed: Input/output error");
      says(guest, "mkdir /b; mount -t 9p -o trans=xen,version=9p2000.L out /b && echo mounted", "mounted");
    }
  }
}
