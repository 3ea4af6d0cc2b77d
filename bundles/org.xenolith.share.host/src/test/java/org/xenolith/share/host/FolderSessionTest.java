// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.share.host.GuestSide.ROOT;
import static org.xenolith.share.host.GuestSide.ask;
import static org.xenolith.share.host.GuestSide.create;
import static org.xenolith.share.host.GuestSide.walk;
import static org.xenolith.share.host.GuestSide.write;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.MessageReader;
import org.xenolith.ninep.kit.MessageType;
import org.xenolith.ninep.kit.Qid;

class FolderSessionTest {
  private static final int REMOVE_FOLDER = 0x200;
  @TempDir
  private Path outer;
  private Path folder;
  private GuestSide guest;

  @BeforeEach
  void share() throws Exception {
    folder = Files.createDirectory(outer.resolve("shared"));
    guest = GuestSide.attached(folder, false);
  }

  @AfterEach
  void end() {
    guest.close();
  }

  @Test
  void aSessionBeginsWithTheVersionAndASize() throws Exception {
    MessageReader answer = guest.done(ask(MessageType.VERSION).word(1 << 30).text(Message.VERSION));
    assertEquals(Message.MOST, answer.word());
    assertEquals("9P2000.L", answer.text());
    assertEquals(FileError.BAD_FILE, guest.refused(walk(ROOT, 1)), "it is another session");
    answer = guest.done(ask(MessageType.VERSION).word(8192).text("9P2000.u"));
    assertEquals(8192, answer.word());
    assertEquals("unknown", answer.text());
    assertEquals("unknown", textOf(guest.done(ask(MessageType.VERSION).word(100).text(Message.VERSION))));
    assertEquals(FileError.NO_FILE, guest.refused(ask(MessageType.ATTACH).word(5).word(Message.NO_FID).text("").text("/etc").word(0)));
  }

  private static String textOf(MessageReader version) throws Exception {
    version.word();
    return version.text();
  }

  @Test
  void aFileIsFoundReadAndDescribed() throws Exception {
    Files.createDirectory(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/file"), "content of the file");
    MessageReader found = guest.done(walk(ROOT, 1, "sub", "file"));
    assertEquals(2, found.half());
    assertEquals(Qid.FOLDER, GuestSide.qid(found).type());
    Qid file = GuestSide.qid(found);
    assertEquals(file, guest.open(1, LinuxFiles.READ));
    assertEquals("content", guest.read(1, 0, 7));
    assertEquals("file", guest.read(1, 15, 100));
    assertEquals("", guest.read(1, 1000, 100));
    Map<String, Object> facts = Files.readAttributes(folder.resolve("sub/file"), "unix:*");
    assertEquals(facts.get("ino"), file.path());
    MessageReader said = guest.done(ask(MessageType.GETATTR).word(1).wide(0x3FFF));
    assertEquals(0x7FF, said.wide());
    assertEquals(file, GuestSide.qid(said));
    assertEquals(facts.get("mode"), said.word());
    assertEquals(facts.get("uid"), said.word());
    assertEquals(facts.get("gid"), said.word());
    assertEquals(1, said.wide());
    assertEquals(0, said.wide());
    assertEquals(19, said.wide());
    assertEquals(1, guest.walked(2, "sub"), "a name of a folder");
    assertEquals(1, guest.walked(3, "sub", "none"), "as far as there are files");
    assertEquals(FileError.BAD_FILE, guest.refused(ask(MessageType.CLUNK).word(3)), "and no fid then");
    assertEquals(FileError.NO_FILE, guest.refused(walk(ROOT, 3, "none", "x")));
    guest.done(ask(MessageType.CLUNK).word(1));
    assertEquals(FileError.BAD_FILE, guest.refused(ask(MessageType.READ).word(1).wide(0).word(1)));
  }

  @Test
  void aFolderIsListedWhateverTheAnswersSize() throws Exception {
    for (int i = 0; i < 500; i++) {
      Files.createFile(folder.resolve("file-" + i));
    }
    List<String> expected = IntStream.range(0, 500).mapToObj(i -> "file-" + i).sorted().toList();
    for (int count : new int[] {50, 1000, 60_000}) {
      guest.walked(1);
      guest.open(1, LinuxFiles.READ);
      assertEquals(FileError.IS_FOLDER, guest.refused(ask(MessageType.READ).word(1).wide(0).word(1)));
      assertEquals(FileError.BAD_FILE, guest.refused(write(1, 0, "x")), "as write(2) has it of what is open to be read");
      List<String> names = guest.names(1, count);
      assertEquals(List.of(".", ".."), names.subList(0, 2));
      assertEquals(expected, names.subList(2, names.size()), "in answers of " + count);
      guest.done(ask(MessageType.CLUNK).word(1));
    }
  }

  @Test
  void filesAreMadeWrittenRenamedAndRemoved() throws Exception {
    guest.done(ask(MessageType.MKDIR).word(ROOT).text("d").word(0750).word(0));
    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("d"))));
    guest.walked(1, "d");
    guest.done(create(1, "f", LinuxFiles.READ_AND_WRITE, 0666));
    assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("d/f"))), "umask is the guest's");
    assertEquals(5, guest.done(write(1, 0, "hello")).word());
    assertEquals(1, guest.done(write(1, 7, "!")).word());
    assertEquals("hello\0\0!", Files.readString(folder.resolve("d/f")));
    guest.done(ask(MessageType.FSYNC).word(1).word(1));
    guest.done(ask(MessageType.SETATTR).word(1).word(8 | 0x20 | 0x100).word(0).word(0).word(0).wide(2).wide(0).wide(0).wide(1000).wide(5));
    assertEquals("he", Files.readString(folder.resolve("d/f")));
    assertEquals(1_000_000L, Files.getLastModifiedTime(folder.resolve("d/f")).toMillis());
    guest.walked(2, "d");
    guest.done(ask(MessageType.RENAMEAT).word(ROOT).text("d").word(ROOT).text("e"));
    guest.done(create(2, "g", LinuxFiles.WRITE | LinuxFiles.EXCLUSIVE, 0600));
    assertTrue(Files.exists(folder.resolve("e/g")), "fids go with their folder");
    guest.walked(3, "e");
    assertEquals(39, guest.refused(ask(MessageType.UNLINKAT).word(ROOT).text("e").word(REMOVE_FOLDER)), "ENOTEMPTY");
    assertEquals(FileError.EXISTS, guest.refused(create(3, "g", LinuxFiles.WRITE | LinuxFiles.EXCLUSIVE, 0600)));
    guest.done(ask(MessageType.UNLINKAT).word(3).text("g").word(0));
    guest.done(ask(MessageType.UNLINKAT).word(3).text("f").word(0));
    assertEquals("he", guest.read(1, 0, 9), "what is open can be read when it has no name");
    guest.done(ask(MessageType.REMOVE).word(3));
    assertFalse(Files.exists(folder.resolve("e")));
  }

  @Test
  void linksAreMadeAndReadAndNeverFollowed() throws Exception {
    Files.writeString(outer.resolve("secret"), "secret");
    guest.done(ask(MessageType.SYMLINK).word(ROOT).text("out").text("../secret").word(0));
    guest.done(ask(MessageType.SYMLINK).word(ROOT).text("up").text("..").word(0));
    assertEquals("../secret", Files.readSymbolicLink(folder.resolve("out")).toString());
    assertEquals(Qid.LINK, GuestSide.qid(second(guest.done(walk(ROOT, 1, "out")))).type());
    assertEquals("../secret", guest.done(ask(MessageType.READLINK).word(1)).text());
    assertEquals(FileError.LINK, guest.refused(ask(MessageType.LOPEN).word(1).word(0)));
    assertEquals(FileError.LINK, guest.refused(ask(MessageType.SETATTR).word(1).word(8).word(0).word(0).word(0).wide(0).wide(0).wide(0)
        .wide(
            0).wide(0)), "to be cut");
    assertEquals(FileError.NOT_SUPPORTED, guest.refused(ask(MessageType.SETATTR).word(1).word(1).word(0).word(0).word(0).wide(0).wide(0)
        .wide(0).wide(0).wide(0)), "its rights");
    assertEquals(1, guest.walked(2, "up", "secret"), "no further than to the link");
    guest.walked(2, "up");
    assertEquals(FileError.NO_FOLDER, guest.refused(walk(2, 4, "secret")));
    assertEquals(FileError.LINK, guest.refused(create(ROOT, "out", LinuxFiles.WRITE, 0600)));
    assertEquals(FileError.NO_FOLDER, guest.refused(create(2, "made", LinuxFiles.WRITE, 0600)));
    assertEquals(FileError.NO_FOLDER, guest.refused(ask(MessageType.MKDIR).word(2).text("made").word(0700).word(0)));
    assertEquals(FileError.NO_FOLDER, guest.refused(ask(MessageType.UNLINKAT).word(2).text("secret").word(0)));
    assertEquals(FileError.NO_FOLDER, guest.refused(ask(MessageType.LINK).word(2).word(1).text("in")));
    assertEquals("secret", Files.readString(outer.resolve("secret")));
    assertEquals(List.of("secret", "shared"), names(outer));
  }

  private static MessageReader second(MessageReader walked) throws Exception {
    walked.half();
    return walked;
  }

  private static List<String> names(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void noNameLeadsOutOfTheFolder() throws Exception {
    Files.writeString(outer.resolve("secret"), "secret");
    Files.createDirectory(folder.resolve("sub"));
    MessageReader up = guest.done(walk(ROOT, 1, "..", "..", "sub", "..", ".."));
    assertEquals(5, up.half());
    long root = GuestSide.qid(up).path();
    assertEquals(root, GuestSide.qid(guest.done(ask(MessageType.GETATTR).word(1).wide(0x7FF)), 8).path());
    for (String name : List.of("../secret", "/etc", "sub/../../secret", "", ".", "a\0b", "/")) {
      assertEquals(FileError.INVALID, guest.refused(walk(ROOT, 9, name)), name);
      assertEquals(FileError.INVALID, guest.refused(create(1, name, LinuxFiles.WRITE, 0600)), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.MKDIR).word(ROOT).text(name).word(0700).word(0)), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.SYMLINK).word(ROOT).text(name).text("x").word(0)), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.UNLINKAT).word(ROOT).text(name).word(0)), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.LINK).word(ROOT).word(1).text(name)), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.RENAMEAT).word(ROOT).text("sub").word(ROOT).text(name)), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.RENAMEAT).word(ROOT).text(name).word(ROOT).text("x")), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.RENAME).word(1).word(ROOT).text(name)), name);
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.MKNOD).word(ROOT).text(name).word(0100600).word(0).word(0).word(0)),
          name);
    }
    for (String name : List.of("..")) {
      assertEquals(FileError.INVALID, guest.refused(create(1, name, LinuxFiles.WRITE, 0600)));
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.RENAMEAT).word(ROOT).text("sub").word(ROOT).text(name)));
      assertEquals(FileError.INVALID, guest.refused(ask(MessageType.UNLINKAT).word(ROOT).text(name).word(REMOVE_FOLDER)));
    }
    assertEquals(FileError.NOT_PERMITTED, guest.refused(ask(MessageType.REMOVE).word(1)), "the folder itself");
    assertEquals(FileError.NAME_TOO_LONG, guest.refused(walk(ROOT, 9, "x".repeat(256))));
    assertEquals(List.of("secret", "shared"), names(outer));
  }

  @Test
  void whatIsSwappedForALinkWhileItIsUsedLeadsNowhere() throws Exception {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.writeString(outer.resolve("file"), "secret");
    Files.writeString(sub.resolve("file"), "mine");
    guest.walked(1, "sub", "file");
    guest.walked(2, "sub");
    Files.delete(sub.resolve("file"));
    Files.delete(sub);
    Files.createSymbolicLink(sub, outer);
    assertEquals(FileError.NO_FOLDER, guest.refused(ask(MessageType.LOPEN).word(1).word(0)));
    assertEquals(FileError.LINK, guest.refused(ask(MessageType.LOPEN).word(2).word(0)));
    assertEquals(FileError.NO_FOLDER, guest.refused(create(2, "made", LinuxFiles.WRITE, 0600)));
  }

  @Test
  void devicesPipesAndSocketsAreNeitherOpenedNorMade() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor());
    guest.walked(1, "pipe");
    assertEquals(FileError.ACCESS, guest.refused(ask(MessageType.LOPEN).word(1).word(LinuxFiles.READ)), "it doesn't wait either");
    assertEquals(FileError.ACCESS, guest.refused(ask(MessageType.LOPEN).word(1).word(LinuxFiles.WRITE)));
    assertEquals(FileError.ACCESS, guest.refused(create(ROOT, "pipe", LinuxFiles.WRITE, 0600)));
    for (int type : new int[] {0010000, 0020000, 0060000, 0140000}) {
      assertEquals(FileError.NOT_PERMITTED, guest.refused(ask(MessageType.MKNOD).word(ROOT).text("node").word(type | 0600).word(1).word(3)
          .word(0)));
    }
    guest.done(ask(MessageType.MKNOD).word(ROOT).text("file").word(0100640).word(0).word(0).word(0));
    assertTrue(Files.isRegularFile(folder.resolve("file"), LinkOption.NOFOLLOW_LINKS));
    guest.walked(2, "pipe");
    guest.done(ask(MessageType.REMOVE).word(2));
    assertEquals(List.of("file"), names(folder));
    try (GuestSide devices = GuestSide.attached(Path.of("/dev"), false)) {
      devices.walked(1, "null");
      assertEquals(FileError.ACCESS, devices.refused(ask(MessageType.LOPEN).word(1).word(LinuxFiles.READ)));
    }
  }

  @Test
  void aFolderToBeReadOnlyRefusesEveryChange() throws Exception {
    Files.writeString(folder.resolve("file"), "content");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
    String before = state();
    try (GuestSide reader = GuestSide.attached(folder, true)) {
      reader.walked(1, "file");
      for (int flags : new int[] {LinuxFiles.WRITE, LinuxFiles.READ_AND_WRITE, LinuxFiles.READ | LinuxFiles.TRUNCATE, 3}) {
        assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.LOPEN).word(1).word(flags)));
      }
      reader.walked(2);
      assertEquals(FileError.READ_ONLY, reader.refused(create(2, "new", LinuxFiles.WRITE, 0600)));
      assertEquals(FileError.READ_ONLY, reader.refused(create(2, "file", LinuxFiles.READ, 0600)));
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.MKDIR).word(2).text("d").word(0700).word(0)));
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.SYMLINK).word(2).text("s").text("x").word(0)));
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.MKNOD).word(2).text("n").word(0100600).word(0).word(0).word(0)));
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.LINK).word(2).word(1).text("l")));
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.RENAME).word(1).word(2).text("r")));
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.RENAMEAT).word(2).text("file").word(2).text("r")));
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.UNLINKAT).word(2).text("file").word(0)));
      for (int valid : new int[] {1, 2, 4, 8, 0x10, 0x20, 0x190, 0}) {
        assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.SETATTR).word(1).word(valid).word(0).word(0).word(0).wide(0).wide(
            0)
            .wide(0).wide(0).wide(0)));
      }
      reader.open(1, LinuxFiles.READ);
      assertEquals(FileError.BAD_FILE, reader.refused(write(1, 0, "x")));
      assertEquals("content", reader.read(1, 0, 100));
      reader.walked(3, "file");
      assertEquals(FileError.READ_ONLY, reader.refused(ask(MessageType.REMOVE).word(3)));
    }
    assertEquals(before, state());
  }

  private String state() throws Exception {
    Map<String, Object> facts = Files.readAttributes(folder.resolve("file"), "unix:mode,uid,gid,size,lastModifiedTime,ctime,nlink");
    return names(folder) + facts.toString() + Files.readString(folder.resolve("file"));
  }

  @Test
  void noProgramOfTheHostsBecomesSomebodyElses() throws Exception {
    guest.walked(1);
    guest.done(create(1, "program", LinuxFiles.WRITE, 06755));
    assertEquals(0100755, Files.getAttribute(folder.resolve("program"), "unix:mode"));
    guest.done(ask(MessageType.SETATTR).word(1).word(1).word(07711).word(0).word(0).wide(0).wide(0).wide(0).wide(0).wide(0));
    assertEquals(0100711, Files.getAttribute(folder.resolve("program"), "unix:mode"));
  }

  @Test
  void locksAreSeenByWhoHasTheFolderToo() throws Exception {
    Files.writeString(folder.resolve("file"), "0123456789");
    try (GuestSide other = GuestSide.attached(folder, false)) {
      for (GuestSide each : List.of(guest, other)) {
        each.walked(1, "file");
        each.open(1, LinuxFiles.READ_AND_WRITE);
      }
      assertEquals(0, guest.lock(1, OpenFile.WRITE_LOCK, 0, 5));
      assertEquals(0, other.lock(1, OpenFile.WRITE_LOCK, 5, 0), "another range");
      assertEquals(1, other.lock(1, OpenFile.READ_LOCK, 4, 2), "BLOCKED");
      MessageReader who = other.done(ask(MessageType.GETLOCK).word(1).octet(OpenFile.READ_LOCK).wide(0).wide(10).word(77).text("me"));
      assertEquals(OpenFile.WRITE_LOCK, who.octet());
      assertEquals(0, who.wide());
      assertEquals(5, who.wide());
      assertEquals(0, guest.lock(1, OpenFile.UNLOCK, 0, 0));
      assertEquals(0, other.lock(1, OpenFile.READ_LOCK, 4, 2));
      who = guest.done(ask(MessageType.GETLOCK).word(1).octet(OpenFile.READ_LOCK).wide(0).wide(4).word(77).text("me"));
      assertEquals(OpenFile.UNLOCK, who.octet());
      other.done(ask(MessageType.CLUNK).word(1));
      assertEquals(0, guest.lock(1, OpenFile.WRITE_LOCK, 0, 0), "who closes a file has no lock");
    }
  }

  @Test
  void anExclusiveLockOfAFileThatIsOnlyReadIsOneOfAllOfIt() throws Exception {
    Files.writeString(folder.resolve("file"), "0123456789");
    try (GuestSide other = GuestSide.attached(folder, false)) {
      for (GuestSide each : List.of(guest, other)) {
        each.walked(1, "file");
        each.open(1, LinuxFiles.READ);
      }
      assertEquals(0, guest.lock(1, OpenFile.WRITE_LOCK, 0, 0));
      assertEquals(1, other.lock(1, OpenFile.WRITE_LOCK, 0, 0));
      assertEquals(0, guest.lock(1, OpenFile.UNLOCK, 0, 0));
      assertEquals(0, other.lock(1, OpenFile.WRITE_LOCK, 0, 0));
    }
  }

  /** Every pair of ways to open a file and to lock all of it, as flock does, by two guests and by two fids of one. */
  @Test
  void locksOfAllOfAFileAreSeenHoweverItIsOpen() throws Exception {
    Files.writeString(folder.resolve("file"), "0123456789");
    try (GuestSide other = GuestSide.attached(folder, false)) {
      for (GuestSide second : List.of(other, guest)) {
        for (int flags = 0; flags < 9; flags++) {
          for (int types = 0; types < 4; types++) {
            guest.walked(1, "file");
            guest.open(1, flags % 3);
            second.walked(2, "file");
            second.open(2, flags / 3);
            int expected = types == 0 ? 0 : 1;
            String what = "open with " + flags % 3 + " and " + flags / 3 + ", locks " + types % 2 + " and " + types / 2;
            assertEquals(0, guest.lock(1, types % 2, 0, 0), what);
            assertEquals(expected, second.lock(2, types / 2, 0, 0), what);
            assertEquals(0, guest.lock(1, OpenFile.UNLOCK, 0, 0), what);
            assertEquals(0, second.lock(2, types / 2, 0, 0), what);
            assertEquals(expected, guest.lock(1, types % 2, 0, 0), what);
            second.done(ask(MessageType.CLUNK).word(2));
            assertEquals(0, guest.lock(1, types % 2, 0, 0), what);
            guest.done(ask(MessageType.CLUNK).word(1));
          }
        }
      }
    }
  }

  /** A program of the host that locks with flock(2), which sees no ranges. */
  @Test
  void locksOfAllOfAFileAreSeenByProgramsOfTheHostThatLockSoToo() throws Exception {
    Files.writeString(folder.resolve("file"), "0123456789");
    guest.walked(1, "file");
    guest.open(1, LinuxFiles.READ_AND_WRITE);
    LinuxFiles host = guest.host();
    int file = host.open(-100, folder.resolve("file").toString(), LinuxFiles.READ, 0);
    try {
      assertEquals(0, guest.lock(1, OpenFile.WRITE_LOCK, 0, 0));
      assertEquals(FileError.AGAIN, assertThrows(FileError.class, () -> host.lockAll(file, 1 | 4)).number());
      assertEquals(0, guest.lock(1, OpenFile.READ_LOCK, 0, 0), "a weaker one instead");
      host.lockAll(file, 1 | 4);
      assertEquals(1, guest.lock(1, OpenFile.WRITE_LOCK, 0, 0), "a stronger one can't be had");
      host.lockAll(file, 8);
      assertEquals(FileError.AGAIN, assertThrows(FileError.class, () -> host.lockAll(file, 2 | 4), "and what it had it has")
          .number());
      assertEquals(0, guest.lock(1, OpenFile.UNLOCK, 3, 4), "all of it is locked no more");
      host.lockAll(file, 2 | 4);
      assertEquals(1, guest.lock(1, OpenFile.READ_LOCK, 0, 0));
      assertEquals(0, guest.lock(1, OpenFile.READ_LOCK, 3, 1), "a part is nothing that the program would see");
    } finally {
      host.close(file);
    }
  }

  @Test
  void whateverIsAskedIsAnswered() throws Exception {
    Random random = new Random(5);
    Files.writeString(folder.resolve("file"), "content");
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[7 + random.nextInt(60)];
      random.nextBytes(bytes);
      int size = random.nextInt(8) == 0 ? random.nextInt(100) : bytes.length;
      bytes[0] = (byte) size;
      bytes[1] = 0;
      bytes[2] = 0;
      bytes[3] = 0;
      MessageType[] types = MessageType.values();
      bytes[4] = (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : types[random.nextInt(types.length)].request());
      for (int j = 7; j < bytes.length; j += 1 + random.nextInt(4)) {
        bytes[j] = (byte) random.nextInt(3);
      }
      byte[] answer = guest.session.answer(bytes);
      assertEquals(answer.length, Message.size(answer, 0));
      assertTrue(Message.number(answer, 0) == MessageType.ERROR || Message.number(answer, 0) == (bytes[4] & 0xFF) + 1);
    }
    assertEquals(List.of("shared"), names(outer));
  }
}
