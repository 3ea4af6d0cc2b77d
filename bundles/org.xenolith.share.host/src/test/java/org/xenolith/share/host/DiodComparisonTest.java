// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.share.host.GuestSide.ask;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.ninep.kit.MalformedMessage;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.MessageReader;
import org.xenolith.ninep.kit.MessageType;
import org.xenolith.ninep.kit.MessageWriter;
import org.xenolith.testkit.FullLane;

/** The same requests to this server and to diod, on a folder each: the same answers, and in the end the same files. */
@FullLane
@Timeout(300)
class DiodComparisonTest {
  private static final int STEPS = 1500;
  private static final int NAMES = 8;
  private static final int KNOWN = 0xFFFF;

  @TempDir
  private Path folder;

  private static String[] path(Random random) {
    String first = "n" + random.nextInt(NAMES);
    return random.nextInt(3) == 0 ? new String[] {first, "n" + random.nextInt(NAMES)} : new String[] {first};
  }

  private static String[] place(Random random) {
    return random.nextInt(3) == 0 ? new String[0] : new String[] {"n" + random.nextInt(NAMES)};
  }

  /** What a client does with a file or a folder: walks there, does it, and gives the fid back. */
  private static List<MessageWriter> requests(Random random) {
    String name = "n" + random.nextInt(NAMES);
    MessageWriter file = GuestSide.walk(0, 1, path(random));
    MessageWriter place = GuestSide.walk(0, 1, place(random));
    MessageWriter clunk = ask(MessageType.CLUNK).word(1);
    MessageWriter facts = ask(MessageType.GETATTR).word(1).wide(0x7FF);
    return switch (random.nextInt(12)) {
      case 0, 1 -> List.of(file, ask(MessageType.LOPEN).word(1).word(new int[] {0, 1, 2, 0x201, 0x402}[random.nextInt(5)]), GuestSide.write(
          1,
          random.nextInt(20), "text " + random.nextInt()), ask(MessageType.READ).word(1).wide(random.nextInt(20)).word(random.nextInt(100)),
          facts, clunk);
      case 2, 3, 4 -> List.of(place, GuestSide.create(1, name, 2 | (random.nextBoolean() ? 0x80 : 0), 0600 + random.nextInt(64)), GuestSide
          .write(1, 0, "new"), facts, clunk);
      case 5, 6 -> List.of(place, ask(MessageType.MKDIR).word(1).text(name).word(0700 + random.nextInt(64)).word(0), clunk);
      // Links have names of their own: where one leads out of the folder diod follows it, and this server never does.
      case 7 -> List.of(place, ask(MessageType.SYMLINK).word(1).text("s" + name).text("to" + random.nextInt(9)).word(0), clunk, GuestSide
          .walk(
              0, 1, "s" + name), ask(MessageType.READLINK).word(1), facts, clunk);
      // diod has neither Trenameat nor Tunlinkat: a client that hears so takes these.
      case 8 -> List.of(file, GuestSide.walk(0, 2, place(random)), ask(MessageType.RENAME).word(1).word(2).text(name), clunk, ask(
          MessageType.CLUNK).word(2));
      case 9 -> List.of(file, ask(MessageType.REMOVE).word(1));
      case 10 -> List.of(file, place(random).length == 0 ? GuestSide.walk(0, 2) : GuestSide.walk(0, 2, name), ask(MessageType.LINK).word(2)
          .word(1).text("l" + random.nextInt(NAMES)), facts, clunk, ask(MessageType.CLUNK).word(2));
      default -> List.of(file, ask(MessageType.SETATTR).word(1).word(random.nextBoolean() ? 1 : 8).word(0600 + random.nextInt(64)).word(0)
          .word(0).wide(random.nextInt(50)).wide(0).wide(0).wide(0).wide(0), facts, clunk);
    };
  }

  /** What an answer says, but for what each server chooses: versions, inodes, times. */
  private static String said(byte[] answer) throws MalformedMessage {
    MessageReader in = new MessageReader(answer);
    int number = in.number();
    if (number == MessageType.ERROR) {
      int error = in.word();
      // A fid that isn't, or isn't open: no client asks so, and diod says EIO where Linux would say EBADF.
      return "error " + (error == FileError.IO ? FileError.BAD_FILE : error);
    }
    if (number == MessageType.GETATTR.reply()) {
      in.wide();
      int type = GuestSide.qid(in).type();
      int mode = in.word();
      in.wide();
      boolean isFolder = (mode & FileFacts.TYPE) == FileFacts.FOLDER;
      String links = "" + in.wide();
      in.wide();
      return "attributes " + type + " " + Integer.toOctalString(mode) + " " + links + " " + (isFolder ? "" : in.wide());
    }
    if (number == MessageType.WALK.reply()) {
      StringBuilder types = new StringBuilder("walked");
      for (int count = in.half(); count > 0; count--) {
        types.append(' ').append(GuestSide.qid(in).type());
      }
      return types.toString();
    }
    if (number == MessageType.READ.reply()) {
      int at = in.data();
      return "read " + new String(answer, at, in.taken(), StandardCharsets.ISO_8859_1);
    }
    return number + (number == MessageType.WRITE.reply() ? " " + in.word() : number == MessageType.READLINK.reply() ? in.text() : "");
  }

  private static void begin(UnaryOperator<byte[]> server, String tree) {
    assertEquals(101, Message.number(server.apply(new MessageWriter(64).request(MessageType.VERSION, KNOWN).word(65536).text(
        Message.VERSION)
        .bytes()), 0));
    byte[] attached = server.apply(ask(MessageType.ATTACH).word(0).word(Message.NO_FID).text("root").text(tree).word(0).bytes());
    assertEquals(105, Message.number(attached, 0));
  }

  /** All files of a folder with type, rights and content. */
  private static Map<String, String> tree(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String mode = Integer.toOctalString((Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS));
        String content = Files.isSymbolicLink(file) ? Files.readSymbolicLink(file).toString() : Files.isRegularFile(file) ? Files
            .readString(
                file, StandardCharsets.ISO_8859_1) : "";
        found.put(folder.relativize(file).toString(), mode + " " + content);
      }
    }
    return found;
  }

  @Test
  void randomRequestsHaveTheSameAnswers() throws Exception {
    Path ours = Files.createDirectory(folder.resolve("ours"));
    Path its = Files.createDirectory(folder.resolve("its"));
    List<String> last = new ArrayList<>();
    int done = 0;
    try (GuestSide guest = new GuestSide(ours, false); Diod diod = new Diod(its, folder)) {
      begin(guest.session::answer, "");
      begin(diod::answer, its.toString());
      Random random = new Random(3);
      for (int i = 0; i < STEPS; i++) {
        for (MessageWriter each : requests(random)) {
          byte[] request = each.bytes();
          String mine = said(guest.session.answer(request));
          String other = said(diod.answer(request));
          last.add(Message.number(request, 0) + " " + HexFormat.of().formatHex(request, 7, Math.min(request.length, 40)) + ": " + mine
              + " | "
              + other);
          assertEquals(other, mine, () -> String.join("\n", last.subList(Math.max(0, last.size() - 40), last.size())));
          done += mine.startsWith("error") ? 0 : 1;
          if (Message.number(request, 0) == MessageType.WALK.request() && mine.split(" ").length - 1 < (request[15] & 0xFF)) {
            // It ended on the way: walk(5) has no new fid then, and diod has one.
            diod.answer(ask(MessageType.CLUNK).word(1).bytes());
            break;
          }
        }
      }
    }
    assertTrue(done > STEPS / 4, "so many were done: " + done);
    assertEquals(tree(its), tree(ours));
  }

  @Test
  void tenThousandFilesAreMadeReadAndListedAlike() throws Exception {
    Path ours = Files.createDirectory(folder.resolve("ours"));
    Path its = Files.createDirectory(folder.resolve("its"));
    try (GuestSide guest = new GuestSide(ours, false); Diod diod = new Diod(its, folder)) {
      begin(guest.session::answer, "");
      begin(diod::answer, its.toString());
      for (int i = 0; i < 10_000; i++) {
        for (MessageWriter each : List.of(GuestSide.walk(0, 1), GuestSide.create(1, "file-" + i, 2, 0640), GuestSide.write(1, 0, "" + i),
            ask(
                MessageType.READ).word(1).wide(0).word(100), ask(MessageType.GETATTR).word(1).wide(0x7FF), ask(MessageType.LOCK).word(1)
                    .octet(1)
                    .word(0).wide(0).wide(0).word(1).text("x"), ask(MessageType.CLUNK).word(1))) {
          byte[] request = each.bytes();
          assertEquals(said(diod.answer(request)), said(guest.session.answer(request)), "message " + Message.number(request, 0));
        }
      }
      assertEquals(names(diod::answer), names(guest.session::answer));
    }
    assertEquals(tree(its), tree(ours));
  }

  private static List<String> names(UnaryOperator<byte[]> server) throws MalformedMessage {
    server.apply(GuestSide.walk(0, 1).bytes());
    server.apply(ask(MessageType.LOPEN).word(1).word(0).bytes());
    List<String> names = new ArrayList<>();
    for (long at = 0;;) {
      MessageReader in = new MessageReader(server.apply(ask(MessageType.READDIR).word(1).wide(at).word(60_000).bytes()));
      in.word();
      if (in.left() == 0) {
        names.sort(null);
        return names;
      }
      while (in.left() > 0) {
        GuestSide.qid(in);
        at = in.wide();
        in.octet();
        names.add(in.text());
      }
    }
  }
}
