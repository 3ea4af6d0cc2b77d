// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Words of the memory in which a host keeps a guest's, little-endian and at any alignment. A place in it is an array and a number:
 * on the heap the number is an index of the array; outside, where machine code reaches it, the array is null and the number an address of
 * the process. Which of them it is holds for a whole process, so that compiled code has no trace of the other one. Words are calls here
 * also for generated code: a method handle there would be slow as long as the JVM interprets it, and takes its first compiler long. Its
 * second compiler inlines these.
 *
 * <p>Outside the heap nothing is checked: only who has a place from a {@link Ram} that is alive, and stays within its page, may come here.
 */
public final class HostMemory {
  /** The system property whose value {@code outside} has the process keep guests' memory outside the heap, if the JVM lets it. */
  public static final String PROPERTY = "xenolith.memory";
  /** Whether it is outside the heap: that was asked for, and {@code --enable-native-access} allows it. */
  public static final boolean OUTSIDE = "outside".equals(System.getProperty(PROPERTY)) && HostMemory.class.getModule()
      .isNativeAccessEnabled();

  /** Addresses of processes are less than half of it, on every host that there is: so the JVM's compiler knows that they are in {@link #ALL}, and has nothing to check. */
  private static final long ADDRESS = (1L << 56) - 1;
  private static final MemorySegment ALL = OUTSIDE ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE) : MemorySegment.NULL;
  private static final VarHandle OUTSIDE8 = ValueLayout.JAVA_BYTE.varHandle();
  private static final VarHandle OUTSIDE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle OUTSIDE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle OUTSIDE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle HEAP16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle HEAP32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle HEAP64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private HostMemory() {}

  /**
   * Zeroed memory, which is given back when nobody refers to the segment any more. Outside the heap, on Linux, what isn't written takes none.
   *
   * @param size bytes
   * @param alignment a power of two
   * @throws OutOfMemoryError if the host has no more
   */
  static MemorySegment allocate(int size, int alignment) {
    return OUTSIDE ? HostPages.allocate(size, alignment) : MemorySegment.ofArray(new byte[size]);
  }

  /**
   * Zeroed memory for what is large and needed for a while, see {@link #takeBack}. Outside the heap, on Linux, what isn't written takes none.
   *
   * @param size bytes
   * @throws OutOfMemoryError if the host has no more
   */
  public static MemorySegment pages(int size) {
    return allocate(size, 1);
  }

  /**
   * Has the host take back what {@link #pages} gave, where it can; nobody may rely on what is in it then. What the host gives next is that first: of memory that nobody has had for
   * a while it takes several times as long, where it is a guest itself.
   */
  public static void takeBack(MemorySegment pages) {
    if (pages.isNative()) {
      HostPages.takeBack(pages);
    }
  }

  /**
   * Has the host give memory that will be written now and all at once, where it can: each page that is written first is a fault else, which takes ten times as long.
   *
   * @param pages outside the heap, from the begin of a page on
   */
  public static void give(MemorySegment pages) {
    HostPages.give(pages);
  }

  /** An address outside the heap, for places at a small distance: what is known of it is made out once for all of them. */
  public static long address(long known) {
    return known & ADDRESS >>> 1;
  }

  /** Reads 8 bits, zero-extended. */
  public static long read8(byte @Nullable [] heap, long at) {
    return (OUTSIDE ? (byte) OUTSIDE8.get(ALL, at & ADDRESS) : heap[(int) at]) & 0xFF;
  }

  /** Reads 16 bits, zero-extended. */
  public static long read16(byte[] heap, long at) {
    return (OUTSIDE ? (short) OUTSIDE16.get(ALL, at & ADDRESS) : (short) HEAP16.get(heap, (int) at)) & 0xFFFF;
  }

  /** Reads 32 bits, zero-extended. */
  public static long read32(byte @Nullable [] heap, long at) {
    return (OUTSIDE ? (int) OUTSIDE32.get(ALL, at & ADDRESS) : (int) HEAP32.get(heap, (int) at)) & 0xFFFF_FFFFL;
  }

  /** Reads 64 bits. */
  public static long read64(byte[] heap, long at) {
    return OUTSIDE ? (long) OUTSIDE64.get(ALL, at & ADDRESS) : (long) HEAP64.get(heap, (int) at);
  }

  /** Writes the low 8 bits. */
  public static void write8(byte @Nullable [] heap, long at, long value) {
    if (OUTSIDE) {
      OUTSIDE8.set(ALL, at & ADDRESS, (byte) value);
    } else {
      heap[(int) at] = (byte) value;
    }
  }

  /** Writes the low 16 bits. */
  public static void write16(byte[] heap, long at, long value) {
    if (OUTSIDE) {
      OUTSIDE16.set(ALL, at & ADDRESS, (short) value);
    } else {
      HEAP16.set(heap, (int) at, (short) value);
    }
  }

  /** Writes the low 32 bits. */
  public static void write32(byte @Nullable [] heap, long at, long value) {
    if (OUTSIDE) {
      OUTSIDE32.set(ALL, at & ADDRESS, (int) value);
    } else {
      HEAP32.set(heap, (int) at, (int) value);
    }
  }

  /** Writes 64 bits. */
  public static void write64(byte @Nullable [] heap, long at, long value) {
    if (OUTSIDE) {
      OUTSIDE64.set(ALL, at & ADDRESS, value);
    } else {
      HEAP64.set(heap, (int) at, value);
    }
  }

  /** Clears 64 bytes. */
  public static void zero64(byte[] heap, long at) {
    for (int i = 0; i < 64; i += 8) {
      write64(heap, at + i, 0);
    }
  }
}
