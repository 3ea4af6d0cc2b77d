// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.xen.abi.CpuPolicy;
import org.xenolith.xen.abi.CpuidLeaf;

/**
 * A CPU policy: what CPUID answers, leaf by leaf, as XEN_SYSCTL_get_cpu_policy has it (Xen public header {@code arch-x86/xen.h}); and which leaves there may be.
 *
 * @param leaves ascending
 */
record CpuidPolicy(List<Leaf> leaves) {
  /** Leaves that any policy can have; Xen answers such a number to who asks for room. */
  static final int MOST = 200;
  static final int NO_SUBLEAF = CpuPolicy.XEN_CPUID_NO_SUBLEAF;
  /** The highest basic leaf, the highest extended one, and those of which there are subleaves, in Xen 4.17. */
  static final int LAST_BASIC = 0xD;
  static final int EXTENDED = 0x8000_0000;
  static final int LAST_EXTENDED = 0x8000_0021;
  static final int CACHES = 4;
  static final int STRUCTURED = 7;
  static final int TOPOLOGY = 0xB;
  static final int STATES = 0xD;
  /** Where the highest leaf of a hypervisor is told: Xen's own leaves, and those of Viridian. */
  static final int XEN = 0x4000_0000;
  static final int VIRIDIAN = 0x4000_0100;
  private static final int LAST_XEN = XEN + 5;
  private static final int CACHE_SUBLEAVES = 6;
  private static final int STRUCTURED_SUBLEAVES = 3;
  private static final int TOPOLOGY_SUBLEAVES = 2;
  private static final int STATE_SUBLEAVES = 63;

  /** One leaf. @param subleaf {@link #NO_SUBLEAF} where there are none */
  record Leaf(int leaf, int subleaf, int a, int b, int c, int d) {
    boolean is(int number, int sub) {
      return leaf == number && (subleaf == sub || subleaf == NO_SUBLEAF);
    }

    Leaf and(Leaf other) {
      return new Leaf(leaf, subleaf, a & other.a, b & other.b, c & other.c, d & other.d);
    }
  }

  /** The leaf that answers; null if there is none. */
  Leaf find(int leaf, int subleaf) {
    for (Leaf each : leaves) {
      if (each.is(leaf, subleaf)) {
        return each;
      }
    }
    return null;
  }

  /** Whether a leaf with that subleaf can be in a policy. */
  static boolean possible(int leaf, int subleaf) {
    int subleaves = switch (leaf) {
      case CACHES -> CACHE_SUBLEAVES;
      case STRUCTURED -> STRUCTURED_SUBLEAVES;
      case TOPOLOGY -> TOPOLOGY_SUBLEAVES;
      case STATES -> STATE_SUBLEAVES;
      default -> 0;
    };
    if (subleaves != 0) {
      return subleaf >= 0 && subleaf < subleaves;
    }
    return subleaf == NO_SUBLEAF && (leaf >= 0 && leaf <= LAST_BASIC || leaf == XEN || leaf == VIRIDIAN || leaf >= EXTENDED
        && leaf <= LAST_EXTENDED);
  }

  /** What the processors answer, without what depends on which of them is asked. */
  static CpuidPolicy host(HostCpuid host) {
    List<Leaf> leaves = new ArrayList<>();
    for (int leaf = 0; leaf <= LAST_BASIC; leaf++) {
      int subleaves = leaf == TOPOLOGY ? TOPOLOGY_SUBLEAVES : leaf == STATES ? states(host) : 1;
      if (leaf == CACHES) {
        // The one that says that there are no more is told, too: tools write as many as they have read.
        while (subleaves < CACHE_SUBLEAVES && (host.query(CACHES, subleaves - 1)[0] & 0x1F) != 0) {
          subleaves++;
        }
      }
      if (!possible(leaf, NO_SUBLEAF)) {
        for (int subleaf = 0; subleaf < subleaves; subleaf++) {
          leaves.add(leaf(leaf, subleaf, host.query(leaf, subleaf)));
        }
      } else {
        leaves.add(leaf(leaf, NO_SUBLEAF, host.query(leaf, 0)));
      }
    }
    leaves.add(new Leaf(XEN, NO_SUBLEAF, LAST_XEN, 0, 0, 0));
    leaves.add(new Leaf(VIRIDIAN, NO_SUBLEAF, 0, 0, 0, 0));
    int last = Math.min(host.query(EXTENDED, 0)[0], LAST_EXTENDED);
    for (int leaf = EXTENDED; leaf <= last; leaf++) {
      leaves.add(leaf(leaf, NO_SUBLEAF, host.query(leaf, 0)));
    }
    return new CpuidPolicy(List.copyOf(leaves));
  }

  /** Subleaves of the extended states: two, and one for each state from the third on up to the last that there is, as Xen's library writes them. */
  private static int states(HostCpuid host) {
    int[] user = host.query(STATES, 0);
    int[] supervisor = host.query(STATES, 1);
    long all = user[0] & 0xFFFF_FFFFL | (long) user[3] << 32 | supervisor[2] & 0xFFFF_FFFFL | (long) supervisor[3] << 32;
    return Math.clamp(64 - Long.numberOfLeadingZeros(all), 2, STATE_SUBLEAVES);
  }

  private static Leaf leaf(int number, int subleaf, int[] r) {
    return switch (number) {
      case 0 -> new Leaf(0, subleaf, Math.min(r[0], LAST_BASIC), r[1], r[2], r[3]);
      case 1 -> new Leaf(1, subleaf, r[0], r[1] & ~CpuidFeatures.APIC_ID, r[2] & ~CpuidFeatures.OSXSAVE, r[3]);
      case STRUCTURED -> new Leaf(number, subleaf, r[0], r[1], subleaf == 0 ? r[2] & ~CpuidFeatures.OSPKE : r[2], r[3]);
      case TOPOLOGY -> new Leaf(number, subleaf, r[0], r[1], r[2], 0);
      case EXTENDED -> new Leaf(number, subleaf, Math.min(r[0], LAST_EXTENDED), r[1], r[2], r[3]);
      default -> new Leaf(number, subleaf, r[0], r[1], r[2], r[3]);
    };
  }

  /** The same with what guests have by the hypervisor: itself, and local APICs of its own. */
  CpuidPolicy forGuests() {
    return new CpuidPolicy(leaves.stream().map(each -> each.leaf != 1 ? each
        : new Leaf(1, each.subleaf, each.a, each.b, each.c | CpuidFeatures.HYPERVISOR | CpuidFeatures.X2APIC | CpuidFeatures.DEADLINE,
            each.d
                | CpuidFeatures.APIC)).toList());
  }

  /** The leaves as {@code xen_cpuid_leaf_t}. */
  byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(leaves.size() * CpuidLeaf.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    leaves.forEach(each -> bytes.putInt(each.leaf).putInt(each.subleaf).putInt(each.a).putInt(each.b).putInt(each.c).putInt(each.d));
    return bytes.array();
  }

  /** Leaves of such bytes, as they come. */
  static List<Leaf> leaves(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Leaf> leaves = new ArrayList<>();
    while (from.remaining() >= CpuidLeaf.SIZE) {
      leaves.add(new Leaf(from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt(), from.getInt()));
    }
    return leaves;
  }

  /**
   * This one with other leaves in the places of its own, and no more features than a third one has: what Xen makes of the policy that a tool gives a domain.
   *
   * @param given each of them {@link #possible}
   * @param most  what a guest may have at most
   */
  CpuidPolicy with(List<Leaf> given, CpuidPolicy most) {
    List<Leaf> all = new ArrayList<>(leaves);
    for (Leaf one : given) {
      all.removeIf(each -> each.leaf == one.leaf && each.subleaf == one.subleaf);
      all.add(one);
    }
    all.replaceAll(each -> CpuidFeatures.limited(each, most.find(each.leaf, each.subleaf)));
    all.sort((x, y) -> x.leaf != y.leaf ? Integer.compareUnsigned(x.leaf, y.leaf) : Integer.compareUnsigned(x.subleaf, y.subleaf));
    return new CpuidPolicy(List.copyOf(all));
  }

  /** The first leaf that promises more leaves than there are; null if none does. */
  Leaf beyond(CpuidPolicy most) {
    for (int leaf : new int[] {0, STRUCTURED, EXTENDED}) {
      Leaf own = find(leaf, 0);
      Leaf limit = most.find(leaf, 0);
      if (own != null && Integer.compareUnsigned(own.a, limit == null ? 0 : limit.a) > 0) {
        return own;
      }
    }
    return null;
  }
}
