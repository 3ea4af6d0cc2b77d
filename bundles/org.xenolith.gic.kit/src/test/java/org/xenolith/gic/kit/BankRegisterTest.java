// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gic.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class BankRegisterTest {
  @Test
  void eachWordBelongsToOneRegisterAndToItsInterrupts() {
    assertEquals(BankRegister.ISENABLER, BankRegister.at(0x104));
    assertEquals(32, BankRegister.ISENABLER.first(0x104));
    assertEquals(BankRegister.IPRIORITYR, BankRegister.at(0x7FC));
    assertEquals(1020, BankRegister.IPRIORITYR.first(0x7FC));
    assertEquals(BankRegister.ICFGR, BankRegister.at(0xC04));
    assertEquals(16, BankRegister.ICFGR.first(0xC04));
    assertNull(BankRegister.at(0));
    assertNull(BankRegister.at(-4));
    assertNull(BankRegister.at(0xF00));
  }
}
