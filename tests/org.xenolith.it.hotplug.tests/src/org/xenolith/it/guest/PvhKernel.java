// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Small kernels for x86-64 that are entered by the PVH boot ABI: an ELF file (System V ABI, chapters 4 and 5) with the note that says where (Xen's public
 * header {@code elfnote.h}).
 */
public final class PvhKernel {
  /** Guest physical address of the program. */
  public static final long CODE = 0x10_0000;
  /** Guest physical address of what {@link #calling} was answered: a word for each call, then how often it made all of them. */
  public static final long ANSWERS = 0x10_2000;
  /** Calls of {@link #calling}. */
  public static final int CALLS = 8;

  private static final int PAGE = 4096;
  private static final int HEADER = 52;
  private static final int PROGRAM_HEADER = 32;
  private static final int LOAD = 1;
  private static final int NOTE = 4;
  private static final int ENTRY = 18;
  private static final int CALLS_AT = 0x1000;
  private static final int BUFFER_AT = 0x1800;
  private static final int DESCRIPTORS_AT = 0x2200;
  private static final int TABLES_AT = 0x3000;
  private static final int DOMID_SELF = 0x7FF0;
  /** {@code 1: sti; hlt; jmp 1b}. */
  private static final String WAITING = "fbf4ebfc";
  /** {@code 1: incl 0x102040; jmp 1b}. */
  private static final String COUNTING = "ff0540201000ebf8";
  /**
   * To 64-bit mode: {@code mov %cr4,%eax; or $0x20,%eax; mov %eax,%cr4; mov $0x103000,%eax; mov %eax,%cr3; mov $0xc0000080,%ecx; rdmsr; or $0x100,%eax;
   * wrmsr; mov %cr0,%eax; or $0x80000000,%eax; mov %eax,%cr0; lgdt 0x1021f8; ljmp $8,$1f; 1: mov $0x101000,%ebp; mov $0x102000,%r12d}.
   */
  private static final String BEGINNING = "0f20e083c8200f22e0b8003010000f22d8b9800000c00f320d000100000f300f20c00d000000800f22c0"
      + "0f0115f8211000ea380010000800bd0010100041bc00201000";
  /**
   * Each call: {@code 2: xor %ebx,%ebx; 3: mov %ebx,%eax; shl $5,%eax; mov 8(%rbp,%rax),%rdi; mov 16(%rbp,%rax),%rdx; mov $0x101800,%esi;
   * mov (%rbp,%rax),%rax; vmmcall; mov %rax,(%r12,%rbx,8); inc %ebx; cmp $8,%ebx; jne 3b; mov %rbx,%r13}.
   */
  private static final String CALLING = "31db89d8c1e005488b7c0508488b540510be00181000488b4405000f01d9498904dcffc383fb0875d94989dd";
  /**
   * What the hypervisor answers within an instruction: {@code mov $1,%eax; cpuid; mov $0x1b,%ecx; rdmsr; mov $0xed,%edx; out %al,(%dx); in (%dx),%al;
   * mov %cr8,%rax; mov %rax,%cr8; mov $0xfee00080,%eax; mov (%rax),%ecx; mov %ecx,(%rax); mov $0xd0000000,%eax; mov (%rax),%ecx; mov %ecx,(%rax);
   * incq 0x40(%r12); jmp 2b}.
   */
  private static final String ASKING =
      "b8010000000fa2b91b0000000f32baed000000eeec440f20c0440f22c0b88000e0fe8b088908b8000000d08b08890849ff442440eb9e";

  private PvhKernel() {}

  /** One that does nothing but wait for interrupts. */
  public static byte[] waiting() {
    return file(HexFormat.of().parseHex(WAITING));
  }

  /** One of these bytes, in hexadecimal: code of 32 bits, at {@link #CODE}. */
  public static byte[] running(String program) {
    return file(HexFormat.of().parseHex(program));
  }

  /** One that only counts its rounds, where {@link #calling} does: it never leaves the CPU by itself. */
  public static byte[] counting() {
    return file(ByteBuffer.allocate(3 * PAGE).put(HexFormat.of().parseHex(COUNTING)).array());
  }

  /**
   * One that makes {@link #CALLS} hypercalls, and then does what the hypervisor answers within an instruction, again and again.
   *
   * @param calls number and first argument of each; the second argument is a buffer that begins with {@code DOMID_SELF}, the third is 1
   */
  public static byte[] calling(List<int[]> calls) {
    ByteBuffer image = ByteBuffer.allocate(5 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    image.put(HexFormat.of().parseHex(BEGINNING + CALLING + ASKING));
    int at = CALLS_AT;
    for (int[] call : calls) {
      image.putLong(at, call[0]).putLong(at + 8, call[1]).putLong(at + 16, 1);
      at += 32;
    }
    image.putInt(BUFFER_AT, DOMID_SELF);
    image.putShort(DESCRIPTORS_AT - 8, (short) 23).putInt(DESCRIPTORS_AT - 6, (int) CODE + DESCRIPTORS_AT);
    image.putLong(DESCRIPTORS_AT + 8, 0x00AF_9B00_0000_FFFFL).putLong(DESCRIPTORS_AT + 16, 0x00CF_9300_0000_FFFFL);
    // Four pages of 1 GiB.
    image.putLong(TABLES_AT, CODE + TABLES_AT + PAGE + 7);
    for (int i = 0; i < 4; i++) {
      image.putLong(TABLES_AT + PAGE + 8 * i, ((long) i << 30) + 0x87);
    }
    return file(image.array());
  }

  private static byte[] file(byte[] program) {
    byte[] name = "Xen\0".getBytes(StandardCharsets.US_ASCII);
    int note = HEADER + 2 * PROGRAM_HEADER;
    int noteBytes = 16 + name.length;
    ByteBuffer file = ByteBuffer.allocate(note + noteBytes + program.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 1, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) 3).putInt(1).putInt((int) CODE).putInt(HEADER).putInt(0).putInt(0);
    file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 2).position(HEADER);
    file.putInt(LOAD).putInt(note + noteBytes).putInt((int) CODE).putInt((int) CODE).putInt(program.length).putInt(program.length).putInt(7)
        .putInt(PAGE);
    file.putInt(NOTE).putInt(note).putInt(0).putInt(0).putInt(noteBytes).putInt(noteBytes).putInt(4).putInt(4);
    file.putInt(name.length).putInt(4).putInt(ENTRY).put(name).putInt((int) CODE).put(program);
    return file.array();
  }
}
