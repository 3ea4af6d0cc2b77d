// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.machine.kit.HostMemory;

class HostLogicTest {
  /** All processors known do. On one that doesn't, the engine isn't offered. */
  @TestFactory
  Stream<DynamicTest> logicClearsAdjust() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("AF", () -> assertTrue(HostLogic.clearsAdjust(HostCode.map(4096)))))
        : Stream.empty();
  }
}
