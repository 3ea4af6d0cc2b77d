// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Makes random scenarios of one kind. What processors differ in, and what QEMU is known not to do, none has; {@code README.md} lists that. */
final class X64ScenarioMaker {
  /** What scenarios are about. */
  enum Kind {
    /** Accesses by tables with any bits. */
    PAGING,
    /** Loads of segment registers, far transfers, and what looks at descriptors. */
    SEGMENTS,
    /** Exceptions, software interrupts through gates of any kind, and what is privileged. */
    EXCEPTIONS,
    /** Breakpoints and single steps. */
    DEBUG,
    /** Tables that change. */
    TLB,
    /** XSAVE and its kin. */
    STATE,
    /** Interrupts that a program sends itself, and what masks them. */
    INTERRUPTS,
    /** Any code of level 3: of {@link X64CodeScenarios}. */
    USER,
    /** Any code of level 0, or 1 and 2, which may come to level 3. */
    PRIVILEGED,
    /** Protected mode without IA-32e mode, with 32-bit, PAE and no paging: of {@link X64LegacyScenarios}. */
    LEGACY,
    /** Protection keys. */
    KEYS
  }

  private static final String[] ACCESSES = {"8a06", "8806", "488b06", "488906", "480106", "66ff06", "8f06", "ff36", "f30f6f06",
      "a4", "f3a4", "480fb10e", "f0480fb10e", "870e", "0f0d0e", "488706", "f348ab", "48ff0e", "f6d3"};
  private static final String[] SEGMENTS = {"8ed8", "8ec0", "8ee0", "8ee8", "8ed0", "500fa1", "500fa9", "0f02c881e1fffff0ff",
      "480f02c881e1fffff0ff", "0f03c8", "0f00e0",
      "0f00e8", "0f00d8", "0f00d0", "660f02c8", "480f03c8", "8cd8", "8cd1"};
  private static final String[] PLAIN = {"cc", "0f0b", "31c9f7f1", "0f05", "480f07", "0f07", "0f34", "480f35", "0f35", "0f20c0", "0f20d0",
      "0f20e0",
      "0f21c0", "0f21f0", "0f21f8", "0f21e0", "fa", "509d", "9c58", "ec", "ee", "0f01ca", "0f01cb", "0f01f8", "f3480faed0", "f3480faed8",
      "f3480faec0", "f30faec8", "0f09", "0f06", "0f01f0", "0f01e0", "0f00c8", "0f00c0", "0f01d0", "dbe3", "d9c0", "0f28c1", "06", "0fff",
      "8cc8", "f0ff06", "0f0138", "0f0100", "0f0108", "90", "cf", "9b", "660f6fc1", "ef", "6c", "6e", "e4e5", "e6e5"};
  /** Bits of CR4; for one that is reserved QEMU looks for a hypervisor of its own, and never comes back. */
  private static final int[] CONTROL_BITS = {2, 3, 7, 8, 9, 10, 11, 16, 20};
  /** None that writes to the tables, whose control bits end the harness, or of which processors differ. */
  private static final int[] MSRS = {0xC000_0081, 0xC000_0082, 0xC000_0083, 0xC000_0100, 0xC000_0101, 0xC000_0102,
      0x175, 0x176};
  private static final int[] SELECTORS = {0, 1, 2, 3, 8, 9, 0x0B, 0x10, 0x13, 0x18, 0x1B, 0x23, 0x20, 0x2B, 0x28, 0x33, 0x30, 0x40, 0x43, 4,
      0x0C,
      0x200, 0x1F8};
  private static final long[] ADDRESSES = {0x8000_0000_0000L, 0x4040_0000L, 0x34_0000, 0x34_0FF0, 0xFFFF_8000_0000_0000L, 0x7FFF_FFFF_FFFFL,
      0xFFFF_7FFF_FFFF_FFFFL};
  private static final int STACK = 0x4000;
  private static final int PRESENT = 1;
  private static final int WRITE = 2;
  private static final int USER = 4;
  private static final int LARGE = 0x80;
  private static final long NO_EXECUTE = 1L << 63;
  /** Bit 45: above the physical address. */
  private static final long RESERVED = 1L << 45;
  static final long CR0 = 0x8001_0033L;
  static final long CR4 = 0x620;
  static final long EFER = 0xD01;

  private final Kind kind;
  private final RandomGenerator random;
  private final RandomGenerator pieces;

  X64ScenarioMaker(Kind kind, long seed) {
    this(kind, new SplittableRandom(seed));
  }

  private X64ScenarioMaker(Kind kind, RandomGenerator random) {
    this(kind, random, random);
  }

  /**
   * What is made as somebody decides.
   *
   * @param random decides of all else
   * @param pieces decides of the instructions of any code
   */
  X64ScenarioMaker(Kind kind, RandomGenerator random, RandomGenerator pieces) {
    this.kind = kind;
    this.random = random;
    this.pieces = pieces;
  }

  private boolean one(int of) {
    return random.nextInt(of) == 0;
  }

  private <T> T any(T[] some) {
    return some[random.nextInt(some.length)];
  }

  /** The next scenario. */
  X64Scenario next() {
    X64Scenario scenario = new X64Scenario();
    for (int i = 0; i < 16; i++) {
      scenario.register(i, one(3) ? random.nextInt(256) : random.nextLong() >> random.nextInt(64));
    }
    boolean user = random.nextBoolean();
    boolean compatible = user && one(5);
    long flags = 2 | random.nextInt() & 0xAD5 & ~0x200 | (long) random.nextInt(4) << 12 | (one(4) ? 1 << 18 : 0) | (kind == Kind.EXCEPTIONS
        && one(
            12) ? 0x100 : 0) | (kind != Kind.PAGING && one(24) ? 0x4000 : 0);
    scenario.start(user ? compatible ? 0x23 : 0x33 : 8, user ? 0x2B : 0x10, flags, X64Scenario.BASE + STACK - 64);
    // QEMU lets 32-bit code use segments that are null.
    scenario.data(!compatible && one(4) ? 0 : 0x2B);
    scenario.calls(0x0023_0008_0000_0000L, 0x10_2000, random.nextInt() & 0x4_7700 | 0x8D5, random.nextLong() >> 17, one(4) ? 0 : 8,
        0x31_0000 - 128, 0x10_2010,
        0x10_2000);
    switch (kind) {
      case PAGING -> paging(scenario, user, flags);
      case SEGMENTS -> segments(scenario, user, compatible);
      case EXCEPTIONS -> exceptions(scenario, user, compatible);
      case DEBUG -> new X64DebugScenarios(random, scenario, user).make(user ? 0x33 : 8, user ? 0x2B : 0x10, flags & ~0x4000L);
      case TLB -> new X64TlbScenarios(random, scenario).make(flags & ~0x4000L);
      case STATE -> new X64StateScenarios(random, scenario, user).make();
      case INTERRUPTS -> new X64InterruptScenarios(random, scenario, user).make();
      case USER, PRIVILEGED -> new X64CodeScenarios(random, pieces, kind == Kind.USER).make(scenario);
      case KEYS -> new X64KeyScenarios(random, scenario, user).make();
      case LEGACY -> throw new IllegalStateException("made by X64LegacyScenarios");
    }
    return scenario;
  }

  private static byte[] hex(String code) {
    return HexFormat.of().parseHex(code);
  }

  private long control4() {
    return CR4 | (one(3) ? 1 << 20 : 0) | (one(3) ? 1 << 21 : 0) | (one(2) ? 1 << 7 : 0);
  }

  // ---- Paging

  private void paging(X64Scenario scenario, boolean user, long flags) {
    if (!user) {
      // Whether what an exception pushes is an access that SMAP lets pass with AC, the manual doesn't say.
      scenario.start(8, 0x10, flags, 0x33_0000);
      if (one(2)) {
        scenario.poke(X64Scenario.LIVE + 0x4000, X64Scenario.PAGES | PRESENT | WRITE);
      }
    }
    scenario.control(one(2) ? CR0 : CR0 & ~0x1_0000, control4(), one(5) ? EFER & ~0x800 : EFER);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      switch (random.nextInt(8)) {
        case 0 -> scenario.poke(X64Scenario.LIVE + 0x3008, entry(0x80_0000) | (one(8) ? random.nextInt(256) << 13 : 0) | LARGE);
        case 1 -> scenario.poke(X64Scenario.LIVE + 0x3000, entry(X64Scenario.LIVE + 0x4000) & ~LARGE);
        case 2 -> scenario.poke(X64Scenario.LIVE + 0x1008, entry(X64Scenario.LIVE + 0x3000) & ~LARGE);
        default -> scenario.poke(X64Scenario.LIVE + 0x4000 + 8 * random.nextInt(10), entry(X64Scenario.PAGES + 0x1000 * random.nextInt(1,
            4)));
      }
    }
    long address = address();
    boolean branches = one(5);
    if (branches) {
      // To what is no loop.
      address = X64Scenario.BASE + 0x1000 * random.nextInt(10) + (0x800 + random.nextInt(0x700));
    }
    scenario.register(6, address).register(7, address()).register(1, random.nextInt(1, 20));
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      String code = branches ? one(2) ? "ffe6" : "ffd6" : any(ACCESSES);
      scenario.code(hex(code));
    }
  }

  private long entry(long frame) {
    return frame | (one(10) ? 0 : PRESENT) | random.nextInt() & (WRITE | USER | 0x78) | (one(2) ? USER | WRITE : 0) | (one(3) ? 0x100 : 0)
        | (one(
            16) ? LARGE : 0) | (one(4) ? NO_EXECUTE : 0) | (one(16) ? RESERVED : 0) | (one(4) ? 0xE00 : 0);
  }

  private long address() {
    if (one(10)) {
      return ADDRESSES[random.nextInt(ADDRESSES.length)] + random.nextInt(16);
    }
    long page = one(6) ? 0x20_0000 + 0x1000 * random.nextInt(512) : 0x1000 * random.nextInt(10);
    return X64Scenario.BASE + page + (one(3) ? 0x1000 - random.nextInt(1, 17) : random.nextInt(0x400) * 4);
  }

  // ---- Segments

  private void segments(X64Scenario scenario, boolean user, boolean compatible) {
    scenario.control(CR0, CR4, EFER);
    int slot = random.nextInt(10, 40);
    scenario.poke(X64Scenario.LIVE + 0x5000 + 8 * slot, descriptor()).poke(X64Scenario.LIVE + 0x5008 + 8 * slot, one(2) ? 0 : random
        .nextInt(
            0x20));
    int selector = one(3) ? SELECTORS[random.nextInt(SELECTORS.length)] : slot * 8 | random.nextInt(4);
    scenario.register(0, selector).register(6, X64Scenario.BASE + 0x1000);
    if (random.nextInt(3) != 0) {
      String code = any(SEGMENTS);
      if ((code.equals("0f00d8") || code.equals("8ed0")) && selector < 4) {
        // QEMU has a task register without a segment, and a stack that is null at any level.
        code = "90";
      }
      // A new task register or LDT of level 0 only: the next scenario has its own.
      scenario.code(hex(compatible && code.startsWith("48") ? "0f00e0" : code));
      return;
    }
    int target = (int) X64Scenario.BASE + 48;
    switch (random.nextInt(compatible ? 2 : 4)) {
      case 0 -> scenario.code(hex("50")).code(push(target)).code(hex(compatible ? "cb" : "48cb"));
      case 1 -> {
        if (compatible) {
          scenario.code(push(selector)).code(push(target)).code(hex("cb"));
        } else {
          scenario.code(push(selector)).code(push(target)).code(hex("48cb"));
        }
      }
      case 2 -> scenario.code(push(SELECTORS[random.nextInt(4, SELECTORS.length)])).code(push((int) X64Scenario.BASE + STACK - 128)).code(
          push(random
              .nextInt() & 0x4_0ED7)).code(push(selector)).code(push(target)).code(hex("48cf"));
      default -> scenario.poke(X64Scenario.PAGES + 0x1000, target & 0xFFFF_FFFFL | (long) selector << 32).code(hex(one(2) ? "ff2e"
          : "ff1e"));
    }
  }

  /** A descriptor of any type, of the whole address space. */
  private long descriptor() {
    long access = random.nextInt() & 0x7F | (one(8) ? 0 : 0x80);
    // 16-bit system segments, of which LAR and LSL say another thing here than in QEMU.
    access = (access & 0x1D) == 1 || (access & 0x1E) == 4 ? access & ~0x1F | 2 : (access & 0x1F) == 3 ? access & ~0x1F | 9 : access;
    // QEMU doesn't say of code that it was used, and takes what is of 64 and 32 bits at once.
    access |= (access & 0x18) == 0x18 ? 1 : 0;
    long more = random.nextInt() & 0xF;
    more &= (more & 6) == 6 ? ~4 : -1;
    // Of a target behind the limit QEMU names the segment.
    more |= access & 8;
    return 0x0000_0000_FFFFL | 0xF_0000L << 32 | access << 40 | more << 52 | ((access & 8) == 0 && one(3) ? 0x1000L << 16 : 0);
  }

  /** PUSH of a constant. */
  private static byte[] push(int value) {
    return new byte[] {0x68, (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
  }

  // ---- Exceptions

  private void exceptions(X64Scenario scenario, boolean user, boolean compatible) {
    for (int i = 0; i < 4; i++) {
      // Of those that are off, too, DR6 may say that they are met.
      scenario.breakpoint(i, 0x7000_0000L + 64 * i, 0x400);
    }
    // Which of both exceptions an instruction of SSE takes, QEMU has the other way round.
    long cr0 = CR0 | (one(6) ? 8 : one(8) ? 4 : 0);
    long cr4 = (one(8) ? CR4 & ~0x200 : CR4) | (one(3) ? 1 << 20 : 0) | (one(3) ? 8 : 0) | (one(3) ? 1 << 16 : 0) | (one(4) ? 1 << 11 : 0);
    scenario.control(cr0, cr4, one(8) ? EFER & ~1 : EFER);
    if (one(6)) {
      int number = random.nextInt(4);
      scenario.breakpoint(number, X64Scenario.BASE + random.nextInt(8), 0x400 | 2L << 2 * number);
    }
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> interrupt(scenario);
        case 1 -> scenario.code(load(1, MSRS[random.nextInt(MSRS.length)])).code(hex(one(3) ? "0f3231c031d2" : "0f30"));
        case 2 -> scenario.code(hex("0f20c0")).code(flip(new int[] {1, (cr0 & 4) == 0 ? 3 : 1, 5, 16, 18, 30})).code(hex("0f22c0"));
        case 3 -> scenario.code(hex("0f20e0")).code(flip(CONTROL_BITS)).code(hex(
            "0f22e0"));
        case 4 -> scenario.code(hex(any(new String[] {"0f23c0", "0f23d8"})));
        case 5 -> scenario.code(hex(user ? "f4" : "90"));
        default -> {
          String code = any(PLAIN);
          // SYSCALL and SYSRET in 32-bit code are AMD's alone.
          scenario.code(hex(compatible && code.matches(".*0f0[57]") ? "90" : code));
        }
      }
    }
    scenario.register(6, X64Scenario.BASE + 0x1000 + random.nextInt(64)).register(7, X64Scenario.BASE + 0x1800);
    if (one(2)) {
      scenario.register(0, X64Scenario.BASE + 0x1100);
    } else {
      // QEMU has base addresses that are none.
      scenario.register(0, random.nextLong() >> random.nextInt(17, 64));
    }
    // What SYSRET makes RFLAGS of; QEMU lets it have VM, and not VIF and VIP.
    scenario.register(11, random.nextInt() & 0x24_4FD7);
    scenario.register(2, one(4) ? random.nextInt(0xE0, 0xF0) : 0xE5);
    // QEMU has SYSEXIT to 32-bit code load all of RCX.
    scenario.register(1, one(3) ? one(2) ? 0 : X64Scenario.BASE + 32 : random.nextInt() & 0xFFFF_FFFFL);
  }

  /** Through a gate that is usual in nothing. */
  private void interrupt(X64Scenario scenario) {
    int vector = random.nextInt(0x80, 0x90);
    int selector = one(3) ? SELECTORS[random.nextInt(SELECTORS.length)] : 8;
    long handler = 0x10_1000 + 16L * vector;
    // Of a gate that isn't one QEMU doubles the number in the error code.
    int type = 0xE | random.nextInt(2);
    long word = handler & 0xFFFF | (long) selector << 16 | (selector == 8 && one(6) ? 1L : 0) << 32 | (long) (type | 0xE0) << 40 | handler
        >>> 16 << 48;
    scenario.poke(X64Scenario.LIVE + 0x6000 + 16L * vector, word).code((byte) 0xCD, (byte) vector);
  }

  /** MOV of a constant to a 32-bit register. */
  private static byte[] load(int register, int value) {
    return new byte[] {(byte) (0xB8 | register), (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
  }

  /** XOR of a bit of RAX. */
  private byte[] flip(int[] bits) {
    int bit = 1 << bits[random.nextInt(bits.length)];
    return new byte[] {0x48, 0x35, (byte) bit, (byte) (bit >> 8), (byte) (bit >> 16), (byte) (bit >> 24)};
  }
}
