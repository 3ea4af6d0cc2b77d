// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.ContractProof;

/**
 * The contract rejects each deliberately broken twin of two correct bridges: an ECAM, and one with a register pair and a root port in
 * itself.
 */
class HostBridgeContractTest {
  private static HostBridgeContract twin(TwinBridge.Defect defect) {
    TwinBridgeTest twin = new TwinBridgeTest();
    twin.defect = defect;
    return twin;
  }

  private static HostBridgeContract twin(TwinPairBridge.Defect defect) {
    TwinPairBridgeTest twin = new TwinPairBridgeTest();
    twin.defect = defect;
    return twin;
  }

  @Test
  void everyBrokenTwinFailsAndEveryCheckFailsOne() {
    List<Object> all = new ArrayList<>();
    for (TwinBridge.Defect defect : TwinBridge.Defect.values()) {
      all.add(defect);
    }
    for (TwinPairBridge.Defect defect : TwinPairBridge.Defect.values()) {
      all.add(defect);
    }
    ContractProof.rejects(List.of(HostBridgeContract.class), List.of(TwinBridge.Defect.NONE, TwinPairBridge.Defect.NONE), all,
        defect -> defect instanceof TwinBridge.Defect ecam ? twin(ecam) : twin((TwinPairBridge.Defect) defect));
  }

  /** Each by the check that is for it, so that none hides behind another's. */
  @Test
  void theNewChecksFindWhatTheyAreFor() {
    assertFinds("aCycleIsWhatItWasThoughTheBridgeIsReplaced", TwinPairBridge.Defect.INDEX_ISNT_STATE);
    assertFinds("anAccessIsOneCycle", TwinPairBridge.Defect.CYCLE_AT_INDEX);
    assertFinds("anAccessIsOneCycle", TwinPairBridge.Defect.WRITES_TWICE);
    assertFinds("nothingIsClaimedThatTheNodeHasNot", TwinPairBridge.Defect.CLAIMS_TOO_MUCH);
    assertFinds("theFunctionAnswersAtItsPlace", TwinPairBridge.Defect.CLAIMS_TOO_LITTLE);
    assertFinds("windowsAnswerToTheirEnds", TwinPairBridge.Defect.THROWS_AT_THE_END);
    assertFinds("aRootPortIsABridgeWhereItIsSaid", TwinPairBridge.Defect.ENDPOINT_HEADER);
    assertFinds("aRootPortIsABridgeWhereItIsSaid", TwinPairBridge.Defect.UNTOLD_PORT);
    for (TwinPairBridge.Defect defect : List.of(TwinPairBridge.Defect.IGNORES_BUS_NUMBERS, TwinPairBridge.Defect.IGNORES_WINDOWS,
        TwinPairBridge.Defect.PORT_IS_ALWAYS_MASTER, TwinPairBridge.Defect.NO_BUS_RESET)) {
      assertFinds("whatIsBehindARootPortIsReachedThroughIt", defect);
    }
    assertFinds("handOverLosesNothing", TwinPairBridge.Defect.PORT_ISNT_STATE);
    assertEquals(List.of(), ContractProof.rejections(List.of(HostBridgeContract.class), twin(TwinPairBridge.Defect.NONE)));
  }

  private static void assertFinds(String check, TwinPairBridge.Defect defect) {
    List<String> found = ContractProof.rejections(List.of(HostBridgeContract.class), twin(defect));
    assertTrue(found.contains(check), defect + " is rejected by " + found);
  }

  /** A node whose window is smaller than what the test of the model reaches for. */
  @Test
  void anAccessPastTheNodesWindowFails() {
    TwinBridgeTest twin = new TwinBridgeTest();
    twin.buses = 8;
    assertTrue(ContractProof.rejections(List.of(HostBridgeContract.class), twin).contains("whereNothingIsReadsAreAllOnesAndWritesAreLost"));
  }
}
