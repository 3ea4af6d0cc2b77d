// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InPort;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.testkit.inspect.BusMemory;
import org.xenolith.testkit.x64.X64ComparableForms;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.graph.Interpreter;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.RandomInstructions;
import org.xenolith.x64.isa.Trait;

/** What instructions are said to move: by the manual, and by what they did when they were executed. */
class X64DataMovesTest {
  private static final long DATA = X64TestMachine.DATA;
  private static final long CODE = X64TestMachine.CODE;
  private static final int EACH = 12;

  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);
  private final Core cpu = machine.cpu;
  private final InspectedProcessor processor = new X64Inspector().inspect(cpu, new BusMemory(machine)).orElseThrow();

  private List<DataMove> moves(String code) {
    put(HexFormat.of().parseHex(code.replace(" ", "")));
    return processor.moves().orElseThrow();
  }

  private void put(byte[] code) {
    byte[] page = new byte[64];
    Arrays.fill(page, (byte) 0x90);
    System.arraycopy(code, 0, page, 0, code.length);
    machine.code.write(0, page, 0, page.length);
    cpu.pc = CODE;
  }

  private static Place memory(long offset, int bytes) {
    return new InMemory(DATA + offset, bytes);
  }

  private static Place r(String name, int first, int bytes) {
    return new InRegister(name, first, bytes);
  }

  private static DataMove zero(Place place) {
    return DataMove.computed(place, List.of());
  }

  /** @param code what {@code as} makes of the text */
  private void is(String text, String code, DataMove... expected) {
    assertEquals(List.of(expected), moves(code), text);
  }

  private static DataMove moved(String register) {
    return DataMove.computed(r(register, 0, 8), List.of(r(register, 0, 8)));
  }

  @Test
  void movesAreByteForByteWhereTheyAddress() {
    machine.user();
    cpu.r[CpuState.RBX] = DATA + 64;
    cpu.r[CpuState.RSI] = DATA;
    cpu.r[CpuState.RDI] = DATA + 512;
    cpu.r[CpuState.RCX] = 3;
    cpu.r[CpuState.RSP] = DATA + 1024;
    cpu.r[CpuState.RDX] = 0x3F8;
    cpu.segments.set(CpuState.GS, 0, DATA, 0xFFFF_FFFFL, 0xC0F3);
    is("mov rax, [rbx+8]", "48 8b 43 08", DataMove.copy(r("RAX", 0, 8), memory(72, 8)));
    is("mov eax, [rbx+rcx*4]", "8b 04 8b", DataMove.copy(r("RAX", 0, 4), memory(76, 4)), zero(r("RAX", 4, 4)));
    is("mov ah, cl", "88 cc", DataMove.copy(r("RAX", 1, 1), r("RCX", 0, 1)));
    is("mov gs:[0x10], rax", "65 48 89 04 25 10 00 00 00", DataMove.copy(memory(16, 8), r("RAX", 0, 8)));
    is("movzx eax, byte ptr [rbx]", "0f b6 03", DataMove.copy(r("RAX", 0, 1), memory(64, 1)), zero(r("RAX", 1, 3)), zero(r("RAX", 4, 4)));
    is("movsxd rax, [rbx]", "48 63 03", DataMove.copy(r("RAX", 0, 4), memory(64, 4)), DataMove.computed(r("RAX", 4, 4), List.of(memory(67,
        1))));
    is("mov dword ptr [rbx], 5", "c7 03 05 00 00 00", zero(memory(64, 4)));
    is("rep movsb", "f3 a4", DataMove.copy(memory(512, 1), memory(0, 1)), moved("RCX"), moved("RSI"), moved("RDI"));
    is("rep stosq", "f3 48 ab", DataMove.copy(memory(512, 8), r("RAX", 0, 8)), moved("RCX"), moved("RDI"));
    is("push rax", "50", DataMove.copy(memory(1016, 8), r("RAX", 0, 8)), moved("RSP"));
    is("pop r12", "41 5c", DataMove.copy(r("R12", 0, 8), memory(1024, 8)), moved("RSP"));
    is("pop [rsp]", "8f 04 24", DataMove.copy(memory(1032, 8), memory(1024, 8)), moved("RSP"));
    is("xchg [rbx], rax", "48 87 03", DataMove.copy(memory(64, 8), r("RAX", 0, 8)), DataMove.copy(r("RAX", 0, 8), memory(64, 8)));
    is("in al, dx", "ec", DataMove.copy(r("RAX", 0, 1), new InPort(0x3F8, 1)));
    is("movdqu xmm1, [rbx]", "f3 0f 6f 0b", DataMove.copy(r("XMM1", 0, 16), memory(64, 16)));
    is("movhps [rbx], xmm1", "0f 17 0b", DataMove.copy(memory(64, 8), r("XMM1", 8, 8)));
    is("movq rax, xmm1", "66 48 0f 7e c8", DataMove.copy(r("RAX", 0, 8), r("XMM1", 0, 8)));
    is("and rax, 0xff", "48 25 ff 00 00 00", zero(r("RAX", 1, 1)), zero(r("RAX", 2, 1)), zero(r("RAX", 3, 1)), zero(r("RAX", 4, 1)), zero(r(
        "RAX", 5, 1)), zero(r("RAX", 6, 1)), zero(r("RAX", 7, 1)));
    is("add rax, rcx", "48 01 c8", DataMove.computed(r("RAX", 0, 8), List.of(r("RAX", 0, 8), r("RCX", 0, 8))));
    is("xor eax, eax", "31 c0", zero(r("RAX", 0, 4)), zero(r("RAX", 4, 4)));
    is("cmp rax, rcx", "48 39 c8");
    is("call .+5", "e8 00 00 00 00", zero(memory(1016, 8)), moved("RSP"));
    cpu.r[CpuState.RCX] = 0;
    is("rep movsb", "f3 a4");
  }

  /** What a processor holds, by the names that moves have. */
  private Map<String, byte[]> state() {
    Map<String, byte[]> state = new TreeMap<>();
    for (int i = 0; i < 16; i++) {
      state.put(X64Registers.GENERAL[i], bytes(cpu.r[i]));
      byte[] vector = Arrays.copyOf(bytes(cpu.xmm[2 * i]), 16);
      System.arraycopy(bytes(cpu.xmm[2 * i + 1]), 0, vector, 8, 8);
      state.put("XMM" + i, vector);
    }
    for (int i = 0; i < 8; i++) {
      state.put("ST" + i, bytes(cpu.significand[cpu.top + i & 7]));
    }
    byte[] memory = new byte[4096];
    machine.data.read(0, memory, 0, memory.length);
    state.put("", memory);
    return state;
  }

  private static byte[] bytes(long value) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> 8 * i);
    }
    return bytes;
  }

  private void random(long seed, Insn insn) {
    SplittableRandom random = new SplittableRandom(seed);
    machine.user();
    for (int i = 0; i < 16; i++) {
      cpu.r[i] = random.nextInt(3) == 0 ? random.nextInt(64) : random.nextLong();
      cpu.xmm[2 * i] = random.nextLong();
      cpu.xmm[2 * i + 1] = random.nextLong();
    }
    if (insn.is(Trait.BIT_STRING)) {
      Arrays.setAll(cpu.r, each -> each < 16 ? random.nextInt(2048) - 1024 : cpu.r[each]);
    }
    for (int i = 0; i < 8; i++) {
      cpu.significand[i] = random.nextLong();
    }
    cpu.r[CpuState.RBP] = DATA + 2048;
    cpu.r[CpuState.RSP] = DATA + 3072;
    if (insn.is(Trait.STRING)) {
      cpu.r[CpuState.RSI] = DATA + 1024;
      cpu.r[CpuState.RDI] = DATA + 1536;
      cpu.r[CpuState.RCX] = random.nextInt(4);
    }
    byte[] memory = new byte[4096];
    random.nextBytes(memory);
    machine.data.write(0, memory, 0, memory.length);
    cpu.rflags(0x202 | random.nextInt() & 0xCD5);
    cpu.restored();
  }

  private static boolean asked(Insn insn) {
    return X64ComparableForms.comparable(insn) && !insn.is(Trait.X87) && !insn.mnemonic().startsWith("maskmov") || List.of("push", "pop",
        "leave", "pushf").contains(insn.mnemonic()) && insn.validIn(DecodeMode.LONG_64) && !insn.is(Trait.LOADS_SEGMENT);
  }

  @Test
  void whatChangesIsSaidAndWhatIsSaidToBeCopiedIs() {
    Decoder decoder = new Decoder(CpuModel.BASELINE.features());
    RandomInstructions made = new RandomInstructions(65, decoder, DecodeMode.LONG_64, new RandomInstructions.Limits(0xFFCF, 0xFFFF,
        CpuState.RBP, -64, 47, 64));
    int executed = 0;
    for (Insn insn : Insn.values()) {
      for (int i = 0; asked(insn) && i < EACH; i++) {
        byte[] code = made.next(insn, true);
        if (code == null || X64ComparableForms.moved(decoder, insn, code)) {
          continue;
        }
        String what = insn + " " + HexFormat.of().formatHex(code);
        Optional<Executed> one = execute(what, insn, code, insn.ordinal() * 1000L + i);
        Optional<Executed> other = execute(what, insn, code, -i);
        if (one.isPresent() && other.isPresent() && one.get().moves.equals(other.get().moves)) {
          constants(what, one.get(), other.get());
        }
        executed += one.isPresent() ? 1 : 0;
      }
    }
    assertTrue(executed > 5000, executed + " were executed");
  }

  private record Executed(List<DataMove> moves, Map<String, byte[]> after) {}

  /** Returns nothing if it ended in an exception. */
  private Optional<Executed> execute(String what, Insn insn, byte[] code, long seed) {
    random(seed, insn);
    put(code);
    List<DataMove> moves = processor.moves().orElseThrow();
    Map<String, byte[]> before = state();
    machine.engine.run(1);
    if (cpu.cpl != 3 || cpu.retired() != 1) {
      return Optional.empty();
    }
    Map<String, byte[]> after = state();
    hold(what, moves, before, after);
    return Optional.of(new Executed(moves, after));
  }

  /** What is made of nothing is the same whatever there was. */
  private static void constants(String what, Executed one, Executed other) {
    one.moves.stream().filter(each -> !each.copied() && each.from().isEmpty()).forEach(each -> assertTrue(Arrays.equals(held(each.to(),
        one.after), held(each.to(), other.after)), () -> what + " is no constant: " + each));
  }

  private static void hold(String what, List<DataMove> moves, Map<String, byte[]> before, Map<String, byte[]> after) {
    before.forEach((name, was) -> {
      byte[] is = after.get(name);
      for (int i = 0; i < was.length; i++) {
        int at = i;
        assertTrue(was[i] == is[i] || name.startsWith("ST") || moves.stream().anyMatch(each -> covers(each.to(), name, at)),
            () -> what + " changes byte " + at + " of " + (name.isEmpty() ? "memory" : name) + ": " + moves);
      }
    });
    for (DataMove move : moves) {
      if (move.copied() && !(move.from().getFirst() instanceof InRegister in && !before.containsKey(in.name()))) {
        assertTrue(Arrays.equals(held(move.from().getFirst(), before), held(move.to(), after)), () -> what + " doesn't copy: " + move);
      }
    }
  }

  private static boolean covers(Place place, String name, int at) {
    return switch (place) {
      case InRegister in -> in.name().equals(name) && at >= in.first() && at < in.first() + in.bytes();
      case InMemory in -> name.isEmpty() && DATA + at >= in.address() && DATA + at < in.address() + in.bytes();
      case InPort in -> false;
    };
  }

  private static byte[] held(Place place, Map<String, byte[]> state) {
    return switch (place) {
      case InRegister in when state.containsKey(in.name()) -> Arrays.copyOfRange(state.get(in.name()), in.first(), in.first() + in.bytes());
      case InMemory in -> Arrays.copyOfRange(state.get(""), (int) (in.address() - DATA), (int) (in.address() - DATA) + in.bytes());
      default -> new byte[0];
    };
  }
}
