// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.CpuModel;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Feature;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.Trait;

/** Makes the node of an instruction word. */
final class NodeFactory {
  /** Decoders are made once for a set of features: their tables take a while. */
  private static final Map<Set<Feature>, Decoder> DECODERS = new ConcurrentHashMap<>();
  private final Interpreter engine;
  private final LongFunction<Node> jumps;
  private final Cpu cpu;
  private final Decoder decoder;
  private boolean endsBlock;
  private boolean calls;

  /**
   * A factory for a CPU.
   *
   * @param engine executes what branches lead to; null if there are none
   * @param jumps  gives the node at an address that an exception, its return or a wait goes on at
   */
  NodeFactory(@Nullable Interpreter engine, LongFunction<Node> jumps, Cpu cpu) {
    this.engine = engine;
    this.jumps = jumps;
    this.cpu = cpu;
    this.decoder = DECODERS.computeIfAbsent(features(cpu.config), Decoder::new);
  }

  private static Set<Feature> features(CpuConfig config) {
    Set<Feature> features = EnumSet.of(Feature.BASE, Feature.FP, Feature.ASIMD);
    CpuModel model = config.model();
    Map.of(Feature.CRC32, model.crc32(), Feature.AES, model.aes(), Feature.PMULL, model.pmull(), Feature.SHA1, model.sha1(), Feature.SHA2,
        model.sha256(), Feature.LSE,
        config.lse(), Feature.PAN, config.pan()).forEach((feature, there) -> {
          if (there) {
            features.add(feature);
          }
        });
    return features;
  }

  /**
   * Makes the node of a word.
   *
   * @param page where branches in the page lead to; null if the word is none
   * @param off  where it is in the page
   */
  Node create(@Nullable CodePage page, int word, int off) {
    Insn insn = decoder.decode(word);
    calls = insn == Insn.BL || insn == Insn.BLR;
    if (insn == null) {
      endsBlock = true;
      return new SystemNodes.Undefined();
    }
    endsBlock = neverContinues(insn);
    Node node = switch (insn.group()) {
      case DP_IMM -> ImmediateNodes.create(insn, word, off);
      case DP_REG -> register(insn, word);
      case BRANCH -> insn.is(Trait.PRIVILEGED) ? SystemNodes.create(cpu, jumps, insn, word)
          : BranchNodes.create(engine, page, insn, word, off);
      case EXCEPTION, SYSTEM -> SystemNodes.create(cpu, jumps, insn, word);
      case LOAD_STORE -> general(insn, word, off);
      case EXCLUSIVE, ATOMIC -> ExclusiveNodes.create(insn, word);
      case LOAD_STORE_FP -> LoadStoreFpNodes.create(insn, word);
      case FP -> FpNodes.create(insn, word);
      case LOAD_STORE_SIMD, ASIMD, ASIMD_SCALAR, CRYPTO -> SimdNodes.create(insn, word);
    };
    if (node != null) {
      return node;
    }
    cpu.env.events().report("unbuilt-instruction", "cpu" + cpu.index(), "%s 0x%08x".formatted(insn, word));
    return new SystemNodes.Undefined();
  }

  Decoder decoder() {
    return decoder;
  }

  /** Whether what follows the instruction made last can't be reached from it. */
  boolean endsBlock() {
    return endsBlock;
  }

  /** Whether the instruction made last is one that the instruction after it is returned to. */
  boolean calls() {
    return calls;
  }

  private static boolean neverContinues(Insn insn) {
    return switch (insn) {
      case B, BR, RET, ERET, DRPS -> true;
      default -> false;
    };
  }

  private static Node register(Insn insn, int word) {
    Node node = LogicalNodes.create(insn, word);
    if (node == null) {
      node = AddSubtractNodes.create(insn, word);
    }
    if (node == null) {
      node = ConditionalNodes.create(insn, word);
    }
    if (node == null) {
      node = CarryNodes.create(insn, word);
    }
    if (node == null) {
      node = MultiplyDivideNodes.create(insn, word);
    }
    if (node == null) {
      node = BitNodes.create(insn, word);
    }
    return node != null ? node : ChecksumNodes.create(insn, word);
  }

  private Node general(Insn insn, int word, int off) {
    Node node = LoadNodes.create(insn, word, off);
    if (node == null) {
      node = LoadIndexedNodes.create(insn, word);
    }
    if (node == null) {
      node = LoadRegisterNodes.create(insn, word);
    }
    if (node == null) {
      node = StoreNodes.create(insn, word);
    }
    if (node == null) {
      node = PairNodes.create(insn, word);
    }
    return node != null ? node : SystemNodes.create(cpu, jumps, insn, word);
  }
}
