// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import org.xenolith.hyp.domctl.x64.CpuidPolicy.Leaf;

/** Words of CPUID whose bits are features, in Xen's order ({@code arch-x86/cpufeatureset.h}), and bits of leaf 1 that need a word of their own (Intel SDM volume 2A, CPUID). */
final class CpuidFeatures {
  static final int X2APIC = 1 << 21;
  static final int DEADLINE = 1 << 24;
  static final int OSXSAVE = 1 << 27;
  /** OSPKE of leaf 7: what CR4 says. */
  static final int OSPKE = 1 << 4;
  static final int HYPERVISOR = 1 << 31;
  static final int APIC = 1 << 9;
  /** In EBX of leaf 1. */
  static final int APIC_ID = 0xFF00_0000;
  /** Words of a featureset in Xen 4.17. */
  static final int WORDS = 19;
  private static final int EXTENDED = CpuidPolicy.EXTENDED;
  /** Of each word: leaf, subleaf, and which register from EAX on; none for words of model-specific registers. */
  private static final int[][] PLACES = {{1, 0, 3}, {1, 0, 2}, {EXTENDED + 1, 0, 3}, {EXTENDED + 1, 0, 2}, {0xD, 1, 0}, {7, 0, 1}, {7, 0,
      2}, {EXTENDED + 7, 0, 3}, {EXTENDED + 8, 0, 1}, {7, 0, 3}, {7, 1, 0}, {EXTENDED + 0x21, 0, 0}, {7, 1, 1}, {7, 2, 3}, {7, 1, 2}, {7,
          1, 3}, {}, {}, {EXTENDED + 0x21, 0, 2}};

  private CpuidFeatures() {}

  /** The featureset of a policy. */
  static int[] of(CpuidPolicy policy) {
    int[] words = new int[WORDS];
    for (int i = 0; i < WORDS; i++) {
      Leaf leaf = PLACES[i].length == 0 ? null : policy.find(PLACES[i][0], PLACES[i][1]);
      words[i] = leaf == null ? 0 : switch (PLACES[i][2]) {
        case 0 -> leaf.a();
        case 1 -> leaf.b();
        case 2 -> leaf.c();
        default -> leaf.d();
      };
    }
    return words;
  }

  /** Whether a register of a leaf has features. @param register from EAX on */
  private static boolean has(int leaf, int subleaf, int register) {
    for (int[] place : PLACES) {
      if (place.length > 0 && place[0] == leaf && (place[1] == subleaf || subleaf == CpuidPolicy.NO_SUBLEAF) && place[2] == register) {
        return true;
      }
    }
    return false;
  }

  /** A leaf without the features that another one hasn't. @param most null for none */
  static Leaf limited(Leaf leaf, Leaf most) {
    return new Leaf(leaf.leaf(), leaf.subleaf(), limited(leaf, 0, leaf.a(), most == null ? 0 : most.a()), limited(leaf, 1, leaf.b(),
        most == null ? 0 : most.b()), limited(leaf, 2, leaf.c(), most == null ? 0 : most.c()), limited(leaf, 3, leaf.d(), most == null ? 0
            : most.d()));
  }

  private static int limited(Leaf leaf, int register, int value, int most) {
    return has(leaf.leaf(), leaf.subleaf(), register) ? value & most : value;
  }
}
