// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.cpu.a64.machinecode.KeptCode;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.fuzz.code.CodeWorld;
import org.xenolith.machine.kit.HostMemory;

/**
 * Files of code that an earlier run has kept: an input is changes of one that an engine has written. The first byte: bit 0 makes the sum
 * right again, bit 1 makes the file as long as it says it is, by a hole, bit 2 starts the guest with it. What has another content than
 * the engine wrote, and a sum that isn't right, is refused. With a right sum it may be read as another one's: it isn't executed here.
 */
public final class KeptCodeAttack implements Attack {
  private static final int RIGHT_SUM = 1;
  private static final int HOLE = 2;
  private static final int GUEST = 4;
  /** A hole is so long at the most, or longer than an array can be. */
  private static final long SHORT = 1 << 20;
  private static final long LONG = 1L << 33;
  /** How many instructions it takes to the end and how many at a time, as {@link CodeWorld} has them. */
  private static final byte[] SLICES = {120, 100};
  private static final String PROGRAM = """
        mov x9, #0
      again:
        add x9, x9, #1
        ldp x11, x12, [x24]
        add x11, x11, x9
        stp x11, x9, [x24], #16
        msr tpidr_el0, x9
        mrs x13, tpidr_el0
        mov v0.d[0], x9
        add v0.4s, v0.4s, v0.4s
        scvtf d1, x9
        fadd d2, d2, d1
        svc #0
        nop
        bl there
        cmp x9, #20
        b.lt again
        mov x24, #0
        ldr x0, [x24]
        b again
      there:
        eor x14, x14, x11
        ret
      """;

  private final Scratch scratch = new Scratch();
  private KeptCode kept;
  private Path file;
  private byte[] program;
  private byte[] good;
  private Object[] content;
  private String expected;

  @Override
  public String word() {
    return "keptcode";
  }

  @Override
  public String says() {
    return "changes of a file of code that an earlier run has kept, behind a byte that says whether its sum and its length are made right: read, and"
        + " the guest started that it is for";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hostcode.kit.pages.CodeFile**", "org.xenolith.hostcode.kit.pages.Translation**",
        "org.xenolith.hostcode.kit.pages.StoredCode**", "org.xenolith.hostcode.kit.pages.KeptTranslations**");
  }

  @Override
  public List<String> options() {
    return List.of("-Dxenolith.memory=outside");
  }

  @Override
  public void fresh() {
    if (!HostMemory.OUTSIDE) {
      throw new IllegalStateException("machine code needs guests' memory outside of the heap: -Dxenolith.memory=outside");
    }
    kept = null;
  }

  private void begin() {
    scratch.clear("translations");
    kept = new KeptCode(scratch.folder().resolve("translations"));
    byte[] words = Assembler.program(0, PROGRAM).bytes();
    program = Arrays.copyOf(SLICES, SLICES.length + words.length);
    System.arraycopy(words, 0, program, SLICES.length, words.length);
    expected = outcome(new CodeWorld("interpreter", Interpreter::new));
    String first = outcome(new CodeWorld("machine code", kept::engine));
    if (!first.equals(expected)) {
      throw new IllegalStateException("without a file machine code comes to " + first + ", the interpreter to " + expected);
    }
    try {
      file = kept.first();
      good = Files.readAllBytes(file);
      content = kept.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String outcome(CodeWorld world) {
    try {
      return world.outcome(program);
    } finally {
      world.close();
    }
  }

  @Override
  public List<String> execute(byte[] input) {
    if (kept == null) {
      begin();
    }
    InputBytes in = new InputBytes(input);
    int how = in.next();
    byte[] changed = good;
    while (!in.end()) {
      changed = Edits.bytes(in, changed);
    }
    long length = length(how, changed);
    if ((how & RIGHT_SUM) != 0 && length < SHORT) {
      changed = summed(Arrays.copyOf(changed, (int) length));
    }
    // A hole may be as long as zeros that were cut off.
    boolean same = length == good.length && Arrays.equals(Arrays.copyOf(changed, good.length), good);
    write(changed, length);
    Reading reading = new Reading(changed);
    Object[][] read = new Object[1][];
    boolean done = reading.done("the reader", " (is|isn't) .*\\. Its code isn't used; it is made anew$", List.of(IOException.class),
        () -> read[0] = kept.read());
    reading.expect(done || !same, "what an engine has written is refused");
    reading.expect(!done || same == Arrays.deepEquals(read[0], content), "what is read isn't what the file has");
    reading.expect(!done || same || (how & RIGHT_SUM) != 0, "what was changed is read as if it had not been");
    if ((how & GUEST) != 0 && done == same) {
      guest(reading);
    }
    return reading.wrong();
  }

  /** With a file that may be used, or one that is refused: then it is made anew. */
  private void guest(Reading reading) {
    reading.done("the guest", "", List.of(), () -> {
      String outcome = outcome(new CodeWorld("machine code", kept::engine));
      reading.expect(outcome.equals(expected), "with this file the guest comes to " + outcome + ", without it to " + expected);
      reading.expect(Arrays.deepEquals(kept.read(), content), "the file that is made anew is another one");
    });
  }

  /** How long the file is to be. */
  private static long length(int how, byte[] changed) {
    long announced = (how & HOLE) == 0 ? changed.length : KeptCode.announced(changed);
    return announced > changed.length && announced < SHORT || announced > Integer.MAX_VALUE && announced < LONG ? announced
        : changed.length;
  }

  private static byte[] summed(byte[] changed) {
    if (changed.length > KeptCode.COUNTS) {
      CRC32C sum = new CRC32C();
      sum.update(changed, KeptCode.COUNTS, changed.length - KeptCode.COUNTS);
      ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(KeptCode.SUM, (int) sum.getValue());
    }
    return changed;
  }

  private void write(byte[] changed, long length) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0);
      ByteBuffer all = ByteBuffer.wrap(changed);
      while (all.hasRemaining()) {
        channel.write(all);
      }
      if (length > changed.length) {
        channel.write(ByteBuffer.wrap(new byte[1]), length - 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
