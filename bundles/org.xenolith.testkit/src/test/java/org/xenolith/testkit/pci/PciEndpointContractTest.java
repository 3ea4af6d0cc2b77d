// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.ContractProof;
import org.xenolith.testkit.pci.PciEndpointContract.Feature;
import org.xenolith.testkit.pci.TwinFunction.Defect;

/** The contracts of functions and endpoints reject each deliberately broken twin of a correct endpoint. */
class PciEndpointContractTest {
  private static final List<Class<?>> CONTRACTS = List.of(PciFunctionContract.class, PciEndpointContract.class);
  private static final Set<Feature> ALL = EnumSet.allOf(Feature.class);

  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    ContractProof.rejects(CONTRACTS, Defect.values(), defect -> {
      TwinFunctionTest twin = new TwinFunctionTest();
      twin.defect = defect;
      return twin;
    });
  }

  @Test
  void anEndpointMayLackAnyFeature() {
    assertEquals(List.of(), rejections(Set.of(), Set.of()), "nothing but BARs");
    for (Feature feature : Feature.values()) {
      assertEquals(List.of(), rejections(without(feature), without(feature)), "without " + feature);
    }
  }

  /** Neither can a check be avoided by leaving a feature out, nor does a feature get lost unseen. */
  @Test
  void whatIsSaidOfEachFeatureMustBeTrue() {
    for (Feature feature : Feature.values()) {
      assertNotEquals(List.of(), rejections(ALL, without(feature)), "has " + feature + " and doesn't say so");
      assertNotEquals(List.of(), rejections(without(feature), ALL), "says " + feature + " and hasn't got it");
    }
  }

  private static Set<Feature> without(Feature feature) {
    return EnumSet.complementOf(EnumSet.of(feature));
  }

  private static List<String> rejections(Set<Feature> built, Set<Feature> declared) {
    TwinFunctionTest twin = new TwinFunctionTest();
    twin.built = built;
    twin.declared = declared;
    return ContractProof.rejections(CONTRACTS, twin);
  }
}
