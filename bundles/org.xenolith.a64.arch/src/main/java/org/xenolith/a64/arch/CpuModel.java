// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.a64.arch.ModelledRegister.Decider;
import org.xenolith.machine.kit.CpuFile;

/**
 * Which CPU it is: what the identification registers say, as its description has them. What its machine has of that, and what options add, is in {@link CpuConfig}.
 */
public final class CpuModel {
  /** The instruction set of such CPUs, as descriptions and engines name it. */
  public static final String INSTRUCTIONS = "a64";
  /** What a CPU is that nobody asked for by name. */
  public static final String STANDARD = "cortex-a57";

  /** An index in the block of registers with op0=3, op1=0, CRn=0: CRm and op2. */
  static final int PFR0 = 4 << 3;
  static final int DFR0 = 5 << 3;
  static final int ISAR0 = 6 << 3;
  static final int MMFR0 = 7 << 3;
  static final int MMFR1 = 7 << 3 | 1;
  private static final int BLOCK = 1 << 7;
  private static final int CACHES = 16;
  private static final int SIZE = 15;

  private final String name;
  private final String summary;
  private final Map<String, Long> said;
  private final List<String> lowered;
  private final long[] block = new long[BLOCK];
  private final long[] caches = new long[CACHES];
  final int midr;
  final long revidr;
  final long aidr;
  final long ctr;
  final long clidr;
  final long dczid;

  /**
   * @param values  by the names of registers, without what isn't modelled
   * @param lowered what was left out and why, in texts
   */
  CpuModel(String name, String summary, Map<String, Long> values, List<String> lowered) {
    this.name = name;
    this.summary = summary;
    said = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.lowered = List.copyOf(lowered);
    values.forEach((register, value) -> {
      ModelledRegister modelled = ModelledRegister.ALL.get(register);
      if (modelled != null && Identification.inBlock(modelled.id())) {
        block[modelled.id() & BLOCK - 1] = value & ~modelled.decidedBy(Decider.OPTION);
      }
    });
    for (int i = 0; i < CACHES; i++) {
      caches[i] = values.getOrDefault(CpuModelReader.cache(i), 0L);
    }
    midr = values.getOrDefault("MIDR_EL1", 0L).intValue();
    revidr = values.getOrDefault("REVIDR_EL1", 0L);
    aidr = values.getOrDefault("AIDR_EL1", 0L);
    ctr = values.getOrDefault("CTR_EL0", 0L);
    clidr = values.getOrDefault("CLIDR_EL1", 0L);
    dczid = values.getOrDefault("DCZID_EL0", 0L);
  }

  private static final class Standard {
    static final CpuModel MODEL = own(STANDARD);
  }

  /** The CPU {@value #STANDARD}. */
  public static CpuModel standard() {
    return Standard.MODEL;
  }

  /** One of those that are described here. @param name of a file */
  static CpuModel own(String name) {
    String place = "/cpus/" + name + ".cpu";
    try (InputStream in = CpuModel.class.getResourceAsStream(place)) {
      return of(CpuFile.read(name, place, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException(place + ", of the jar of this class", e);
    }
  }

  /**
   * The CPU that a description is of.
   *
   * @throws org.xenolith.machine.api.ModelException if it is wrong, or claims what isn't modelled; the message names place, line and remedy
   */
  public static CpuModel of(CpuFile file) {
    return new CpuModelReader(file).read();
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** What it is, for people. */
  public String summary() {
    return summary;
  }

  /** What its registers say, by their names; several of one name have {@code [N]} behind it, the value of CSSELR_EL1. Those that aren't there read zero. */
  public Map<String, Long> said() {
    return said;
  }

  /** What the CPU has and this one hasn't, with the reason, each a text. */
  public List<String> lowered() {
    return lowered;
  }

  /** Bits of a physical address. */
  public int physicalBits() {
    return CpuConfig.PHYSICAL_SIZES.get((int) block[MMFR0] & SIZE);
  }

  /** Its translation granules, at least one. */
  public Set<Granule> granules() {
    return Granule.identified(said.get("ID_AA64MMFR0_EL1"));
  }

  /** Whether it may have EL2. */
  public boolean el2() {
    return field(PFR0, 8) != 0;
  }

  /** Whether it may have EL3. */
  public boolean el3() {
    return field(PFR0, 12) != 0;
  }

  /** Whether it has the large-system atomics (FEAT_LSE). */
  public boolean lse() {
    return field(ISAR0, 20) >= 2;
  }

  /** Whether it has privileged access never (FEAT_PAN). */
  public boolean pan() {
    return field(MMFR1, 20) != 0;
  }

  /** Whether it has FEAT_AES. */
  public boolean aes() {
    return field(ISAR0, 4) >= 1;
  }

  /** Whether it has FEAT_PMULL. */
  public boolean pmull() {
    return field(ISAR0, 4) >= 2;
  }

  /** Whether it has FEAT_SHA1. */
  public boolean sha1() {
    return field(ISAR0, 8) >= 1;
  }

  /** Whether it has FEAT_SHA256. */
  public boolean sha256() {
    return field(ISAR0, 12) >= 1;
  }

  /** Whether it has FEAT_CRC32. */
  public boolean crc32() {
    return field(ISAR0, 16) >= 1;
  }

  private int field(int register, int low) {
    return (int) (block[register] >>> low) & 15;
  }

  /** What it says in a register of the block, by CRm and op2; fields that only an option says are zero. */
  long block(int register) {
    return block[register];
  }

  /** What it says in a register by its encoding; 0 if it says nothing, or there are several of its name. */
  long described(int id) {
    return said.entrySet().stream().filter(each -> ModelledRegister.ALL.containsKey(each.getKey()) && ModelledRegister.ALL.get(each
        .getKey())
        .id() == id).mapToLong(Map.Entry::getValue).findFirst().orElse(0);
  }

  /** CCSIDR_EL1. @param selector CSSELR_EL1 */
  long cache(long selector) {
    return caches[(int) selector & CACHES - 1];
  }

  @Override
  public String toString() {
    return name;
  }
}
