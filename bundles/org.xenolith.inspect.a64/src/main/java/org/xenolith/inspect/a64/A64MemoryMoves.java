// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import static org.xenolith.inspect.a64.A64Moves.general;
import static org.xenolith.inspect.a64.A64Moves.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.a64.isa.Trait;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;

/** What A64's loads and stores move. Source: Arm ARM DDI 0487, C4.1.66 and C6.2; names of forms say how they address. */
final class A64MemoryMoves {
  private static final int WORD = 8;
  private static final int VECTOR = 16;
  private static final int ZERO = 31;
  private static final int Q = 1 << 23;

  private final Cpu cpu;
  private final List<DataMove> moves = new ArrayList<>();

  A64MemoryMoves(Cpu cpu) {
    this.cpu = cpu;
  }

  Optional<List<DataMove>> of(Insn insn, int word) {
    String name = insn.name();
    boolean store = insn.is(Trait.WRITES_MEMORY);
    if (insn.group() == InsnGroup.ATOMIC) {
      return atomic(insn, word);
    }
    if (insn.group() == InsnGroup.LOAD_STORE_SIMD) {
      return structure(name, word, store);
    }
    boolean vector = insn.group() == InsnGroup.LOAD_STORE_FP;
    if (name.endsWith("_LITERAL")) {
      int scale = vector ? 2 + (word >>> 30) : name.startsWith("LDRSW") || (word & 1 << 30) == 0 ? 2 : 3;
      load(vector, Fields.rt(word), cpu.pc + Fields.rel19(word), 1 << scale, name.startsWith("LDRSW"));
      return Optional.of(moves);
    }
    boolean pair = insn.hasField("imm7");
    boolean pairOfExclusives = insn.group() == InsnGroup.EXCLUSIVE && insn.hasField("Rt2");
    int scale = pair ? vector ? 2 + (word >>> 30) : name.startsWith("LDPSW") ? 2 : Fields.sf(word) ? 3 : 2 : pairOfExclusives ? 2 + (word
        >>> 30 & 1) : vector ? (word >>> 30) + ((word & Q) != 0 ? 4 : 0) : word >>> 30;
    boolean signed = name.startsWith("LDRS") || name.startsWith("LDURS") || name.startsWith("LDTRS") || name.startsWith("LDPSW");
    long address = address(insn, word, scale);
    if (store) {
      store(vector, Fields.rt(word), address, 1 << scale);
    } else {
      load(vector, Fields.rt(word), address, 1 << scale, signed);
    }
    if (pair || pairOfExclusives) {
      if (store) {
        store(vector, Fields.rt2(word), address + (1 << scale), 1 << scale);
      } else {
        load(vector, Fields.rt2(word), address + (1 << scale), 1 << scale, signed);
      }
    }
    if (name.endsWith("_POST") || name.endsWith("_PRE")) {
      computed(general(Fields.rn(word), 0, WORD), general(Fields.rn(word), 0, WORD));
    }
    if (insn.hasField("Rs") && store && Fields.rs(word) != ZERO) {
      computed(general(Fields.rs(word), 0, WORD));
    }
    return Optional.of(moves);
  }

  private long base(int word) {
    return cpu.x[Fields.rn(word) == ZERO ? Cpu.SP : Fields.rn(word)];
  }

  private long value(int register) {
    return register == ZERO ? 0 : cpu.x[register];
  }

  private long address(Insn insn, int word, int scale) {
    String name = insn.name();
    if (name.endsWith("_POST") || insn.group() == InsnGroup.EXCLUSIVE) {
      return base(word);
    }
    if (insn.hasField("imm7")) {
      return base(word) + ((long) Fields.simm7(word) << scale);
    }
    if (insn.hasField("imm12")) {
      return base(word) + ((long) Fields.imm12(word) << scale);
    }
    if (insn.hasField("option")) {
      long index = value(Fields.rm(word));
      long extended = switch (Fields.option(word)) {
        case 2 -> index & 0xFFFF_FFFFL;
        case 6 -> (int) index;
        default -> index;
      };
      return base(word) + (extended << ((word & 1 << 12) != 0 ? scale : 0));
    }
    return base(word) + (insn.hasField("imm9") ? Fields.simm9(word) : 0);
  }

  private void computed(Place to, Place... from) {
    moves.add(DataMove.computed(to, List.of(from)));
  }

  private void load(boolean vector, int register, long address, int bytes, boolean signed) {
    if (vector) {
      moves.add(DataMove.copy(vector(register, 0, bytes), new InMemory(address, bytes)));
      if (bytes < VECTOR) {
        computed(vector(register, bytes, VECTOR - bytes));
      }
    } else if (register != ZERO) {
      moves.add(DataMove.copy(general(register, 0, bytes), new InMemory(address, bytes)));
      if (bytes < WORD) {
        moves.add(DataMove.computed(general(register, bytes, WORD - bytes), signed ? List.of(new InMemory(address + bytes - 1, 1)) : List
            .of()));
      }
    }
  }

  private void store(boolean vector, int register, long address, int bytes) {
    InMemory to = new InMemory(address, bytes);
    if (!vector && register == ZERO) {
      computed(to);
    } else {
      moves.add(DataMove.copy(to, vector ? vector(register, 0, bytes) : general(register, 0, bytes)));
    }
  }

  /** CAS stores if it finds what it expects: whether it did is seen afterwards. */
  private Optional<List<DataMove>> atomic(Insn insn, int word) {
    if (insn == Insn.CASP) {
      return Optional.empty();
    }
    int bytes = 1 << Fields.size(word);
    InMemory memory = new InMemory(base(word), bytes);
    int rs = Fields.rs(word);
    int rt = Fields.rt(word);
    switch (insn) {
      case CAS -> {
        store(false, rt, memory.address(), bytes);
        load(false, rs, memory.address(), bytes, false);
      }
      case SWP -> {
        store(false, rs, memory.address(), bytes);
        load(false, rt, memory.address(), bytes, false);
      }
      default -> {
        if (rs == ZERO) {
          computed(memory, memory);
        } else {
          computed(memory, memory, general(rs, 0, bytes));
        }
        load(false, rt, memory.address(), bytes, false);
      }
    }
    return Optional.of(moves);
  }

  /** Several registers side by side move whole; lanes that go apart are told by one word for all. */
  private Optional<List<DataMove>> structure(String name, int word, boolean store) {
    int bytes = Fields.q(word) ? VECTOR : WORD;
    if (name.contains("_X")) {
      int registers = name.charAt(name.indexOf("_X") + 2) - '0';
      for (int i = 0; i < registers; i++) {
        int register = Fields.rt(word) + i & 31;
        if (store) {
          store(true, register, base(word) + (long) i * bytes, bytes);
        } else {
          load(true, register, base(word) + (long) i * bytes, bytes, false);
        }
      }
    } else {
      int registers = name.charAt(2) - '0';
      InMemory memory = new InMemory(base(word), registers * bytes);
      List<Place> all = new ArrayList<>();
      for (int i = 0; i < registers; i++) {
        all.add(vector(Fields.rt(word) + i & 31, 0, VECTOR));
      }
      if (store) {
        moves.add(DataMove.computed(memory, all));
      } else {
        all.forEach(each -> computed(each, memory));
      }
    }
    if (name.endsWith("_POST")) {
      InRegister base = general(Fields.rn(word), 0, WORD);
      computed(base, base);
    }
    return Optional.of(moves);
  }
}
