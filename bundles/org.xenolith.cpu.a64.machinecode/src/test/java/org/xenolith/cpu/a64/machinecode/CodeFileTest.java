// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.testkit.a64.RandomGuest;

/** Kept code that isn't what this engine wrote is told of, and never executed. */
class CodeFileTest {
  private static final int BRANCH_TO_NEXT_PAGE = 0x1400_0400;
  private static final int MOV_X0_1 = 0xD280_0020;
  private static final int ADD_X0_X0_1 = 0x9100_0400;
  private static final int ADD_X0_X0_2 = 0x9100_0800;
  private static final int BRANCH_HERE = 0x1400_0000;
  private static final long MUCH = 1L << 30;
  /** Instructions of several pages. */
  private static final int MANY = 8 * NativePage.WORDS;

  @TempDir
  private Path temporary;
  private Path folder;
  private Path file;
  private int user;

  @BeforeEach
  void keep() throws IOException {
    user = TranslationFolder.user();
    folder = temporary.resolve("translations");
    run(folder(user, "this"), ADD_X0_X0_1, 2);
    List<TranslationFolder.KeptFile> files = folder(user, "this").files();
    assertEquals(1, files.size());
    file = files.getFirst().path();
  }

  private TranslationFolder folder(int owner, String translator) {
    return new TranslationFolder(folder, translator, MUCH, owner);
  }

  /** Executes a program in two pages; what it comes to is right, whatever was kept. */
  private static void run(TranslationFolder from, int second, long result) {
    int[] words = new int[NativePage.WORDS + 3];
    words[0] = BRANCH_TO_NEXT_PAGE;
    words[NativePage.WORDS] = MOV_X0_1;
    words[NativePage.WORDS + 1] = second;
    words[NativePage.WORDS + 2] = BRANCH_HERE;
    RandomGuest guest = new RandomGuest(1, new SmallProgram(words), cpu -> new MachineCodeEngine(cpu.as(Cpu.class), from));
    guest.runTo(5, null);
    assertEquals(result, guest.cpu().x[0]);
    guest.exchangeEngine();
  }

  private String name() {
    String whole = file.getFileName().toString();
    return whole.substring(0, whole.indexOf('.'));
  }

  private static String refused(TranslationFolder from, String name, String identity) {
    return assertThrows(IOException.class, () -> from.read(name, identity, origin(), NativePage.BY_WORDS, HostCode.map(Translations.SIZE)))
        .getMessage();
  }

  /** Where blocks begin, as {@link Translations} has it. */
  private static int origin() {
    X64 code = new X64(HostFeatures.of(HostCode.map(Translations.SIZE)).bits());
    Thunks thunks = new Thunks();
    HostCode memory = HostCode.map(Translations.SIZE);
    thunks.emit(code, HostFeatures.of(memory), new GuestRegisters(code), memory.executed(), 0);
    return thunks.end() + 15 & -16;
  }

  /** What the file says of who made it. */
  private String identity() throws IOException {
    String message = refused(folder(user, "this"), name(), "other");
    return message.substring(message.indexOf("for another CPU: ") + 17, message.indexOf("; here is"));
  }

  @Test
  void aFileIsReadAsItWasWritten() throws IOException {
    assertNotNull(folder(user, "this").read(name(), identity(), origin(), NativePage.BY_WORDS, HostCode.map(Translations.SIZE)));
  }

  @Test
  void anotherInstructionBehindTheSameBeginningIsTranslatedAnew() {
    run(folder(user, "this"), ADD_X0_X0_2, 3);
    run(folder(user, "this"), ADD_X0_X0_1, 2);
  }

  @Test
  void aFlippedByteAnywhereIsDamage() throws IOException {
    String identity = identity();
    byte[] good = Files.readAllBytes(file);
    HostCode host = HostCode.map(Translations.SIZE);
    int origin = origin();
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 + i % 255);
      Files.write(file, bad);
      String message = assertThrows(IOException.class, () -> folder(user, "this").read(name(), identity, origin, NativePage.BY_WORDS, host),
          "byte " + i)
          .getMessage();
      assertTrue(message.contains("is damaged"), message);
    }
  }

  @Test
  void aFileThatIsCutAnywhereIsDamage() throws IOException {
    String identity = identity();
    byte[] good = Files.readAllBytes(file);
    HostCode host = HostCode.map(Translations.SIZE);
    int origin = origin();
    for (int i = 0; i < good.length; i++) {
      Files.write(file, Arrays.copyOf(good, i));
      String message = assertThrows(IOException.class, () -> folder(user, "this").read(name(), identity, origin, NativePage.BY_WORDS, host),
          "length " + i)
          .getMessage();
      assertTrue(message.contains("is damaged"), message);
    }
  }

  /** The same file with other counts, as long as they say. */
  private byte[] announcing(int origin, int exits) throws IOException {
    ByteBuffer good = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int longer = good.getInt(12) - origin + 16 * (exits - good.getInt(28));
    return ByteBuffer.wrap(Arrays.copyOf(good.array(), good.capacity() + longer)).order(ByteOrder.LITTLE_ENDIAN).putInt(12, origin).putInt(
        28, exits).array();
  }

  @Test
  void nothingIsReadWhereEveryEnginesCodeIs() throws IOException {
    HostCode host = HostCode.map(Translations.SIZE);
    String identity = identity();
    byte[] own = new byte[origin()];
    Arrays.fill(own, (byte) 0x90);
    host.write(own, 0, own.length);
    Files.write(file, announcing(16, 40));
    assertThrows(IOException.class, () -> folder(user, "this").read(name(), identity, own.length, NativePage.BY_WORDS, host));
    byte[] now = new byte[own.length];
    host.bytes(0, own.length).get(now);
    assertArrayEquals(own, now);
  }

  @Test
  void nothingOfWhatIsRefusedStays() throws IOException {
    HostCode host = HostCode.map(Translations.SIZE);
    String identity = identity();
    int origin = origin();
    byte[] bad = Files.readAllBytes(file);
    bad[bad.length - 1] ^= 1;
    Files.write(file, bad);
    assertThrows(IOException.class, () -> folder(user, "this").read(name(), identity, origin, NativePage.BY_WORDS, host));
    byte[] now = new byte[1 << 16];
    host.bytes(origin, origin + now.length).get(now);
    assertArrayEquals(new byte[now.length], now);
  }

  @Test
  void aFileThatIsLongerThanAnArrayIsDamage() throws IOException {
    String identity = identity();
    ByteBuffer good = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int exits = 160 << 20;
    long size = good.capacity() + 16L * (exits - good.getInt(28));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(good.putInt(28, exits));
      // A hole, which takes no room.
      channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
    }
    assertTrue(refused(folder(user, "this"), name(), identity).contains("is damaged"));
  }

  @Test
  void aDamagedFileIsMadeAnew() throws IOException {
    byte[] good = Files.readAllBytes(file);
    byte[] bad = good.clone();
    bad[bad.length - 1] ^= 1;
    Files.write(file, bad);
    run(folder(user, "this"), ADD_X0_X0_1, 2);
    assertEquals(good.length, Files.size(file));
    aFileIsReadAsItWasWritten();
  }

  @Test
  void whatAnotherUserOwnsIsRefused() {
    assertTrue(refused(folder(user + 1, "this"), name(), "").contains(" is of user " + user + ", not of " + (user + 1)));
  }

  @Test
  void whatOthersMayWriteIsRefused() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    assertTrue(refused(folder(user, "this"), name(), "").contains("others may write to " + file));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx----w-"));
    assertTrue(refused(folder(user, "this"), name(), "").contains("others may write to " + folder));
  }

  @Test
  void aLinkIsRefused() throws IOException {
    Path elsewhere = Files.move(file, temporary.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);
    assertTrue(refused(folder(user, "this"), name(), "").contains("is a symbolic link"));
  }

  @Test
  void whatAnotherVersionMadeIsRefusedAndReplaced() throws IOException {
    assertTrue(refused(folder(user, "that"), name(), "that on this host").contains(
        "of another version, or for another CPU: this on x86-64"));
    run(folder(user, "that"), ADD_X0_X0_1, 2);
    assertTrue(identity().startsWith("that on x86-64"), identity());
  }

  @Test
  void whatWasUsedLongestAgoIsDeletedWhenThereIsTooMuch() throws IOException {
    TranslationFolder little = new TranslationFolder(folder, "that", Files.size(file), user);
    int[] words = {MOV_X0_1, ADD_X0_X0_1, BRANCH_HERE};
    RandomGuest guest = new RandomGuest(1, new SmallProgram(words), cpu -> new MachineCodeEngine(cpu.as(Cpu.class), little));
    guest.runTo(5, null);
    guest.exchangeEngine();
    assertEquals(1, little.files().size());
    assertTrue(!Files.exists(file));
  }

  /** Pages full of code: that of the last isn't in a page of the file with any of the first's. */
  private static RandomGuest pages(TranslationFolder from, List<String> told) {
    int[] words = new int[MANY + 1];
    Arrays.fill(words, ADD_X0_X0_1);
    words[MANY] = BRANCH_HERE;
    RandomGuest guest = new RandomGuest(1, new SmallProgram(words), cpu -> new MachineCodeEngine(cpu.as(Cpu.class), from));
    guest.events((kind, place, text) -> told.add(kind + " " + text));
    guest.cpu().x[0] = 0;
    return guest;
  }

  private static void end(RandomGuest guest) {
    guest.runTo(MANY + 4, null);
    assertEquals(MANY, guest.cpu().x[0]);
    guest.exchangeEngine();
  }

  @Test
  void aFileThatIsCutWhileItIsUsedIsMadeAnewByTheNextRun() throws IOException {
    folder = temporary.resolve("cut");
    end(pages(folder(user, "this"), new ArrayList<>()));
    file = folder(user, "this").files().getFirst().path();
    long whole = Files.size(file);
    for (long left : new long[] {whole - 1, 100, 0}) {
      List<String> told = new ArrayList<>();
      RandomGuest guest = pages(folder(user, "this"), told);
      guest.runTo(NativePage.WORDS, null);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(left);
      }
      end(guest);
      assertEquals(List.of("kept-translations " + file + " has become shorter while it was used. What is left of its code isn't used;"
          + " the next run makes it anew"), told);
      assertEquals(left, Files.size(file), "what is written now would lack what wasn't read");
      told.clear();
      end(pages(folder(user, "this"), told));
      assertEquals(1, told.size(), told.toString());
      assertTrue(told.getFirst().contains("is damaged") && told.getFirst().endsWith("it is made anew"), told.toString());
      assertEquals(whole, Files.size(file));
      told.clear();
      end(pages(folder(user, "this"), told));
      assertEquals(List.of(), told);
    }
  }

  @Test
  void whatIsRefusedForOneReasonIsSaidOnceHoweverManyRunsAndCpusMeetIt() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx----w-"));
    TranslationFolder shared = folder(user, "this");
    List<String> told = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      end(pages(shared, told));
    }
    assertEquals(1, told.size(), told.toString());
    assertTrue(told.getFirst().contains("others may write to " + folder), told.toString());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    for (int run = 0; run < 2; run++) {
      end(pages(shared, told));
      Path kept = shared.files().getLast().path();
      Files.write(kept, new byte[9]);
    }
    end(pages(shared, told));
    assertEquals(2, told.size(), "another reason is said, too: " + told);
  }
}
