// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.ResetType;

/** What services that have no capsules say of them. */
class ComposedServicesTest {
  private static final EfiGuid KIND = EfiGuid.of("5a4c1d0e-9b37-4f26-8d51-73e0c2a9b684");
  private final ComposedServices services = new ComposedServices(() -> null, null) {
    @Override
    public void resetSystem(ResetType type, long status, byte[] data) {
      throw new AssertionError("nobody asked for a reset");
    }
  };

  private void answers(EfiStatus expected, int... flags) {
    List<CapsuleHeader> capsules = Arrays.stream(flags).mapToObj(each -> new CapsuleHeader(KIND, CapsuleHeader.SIZE, each,
        CapsuleHeader.SIZE)).toList();
    assertEquals(expected, services.updateCapsule(capsules, 0));
    assertEquals(expected, services.queryCapsuleCapabilities(capsules).status());
  }

  @Test
  void capsulesOfAnyKindAreUnsupported() {
    answers(EfiStatus.UNSUPPORTED, 0);
    answers(EfiStatus.UNSUPPORTED, 0xFFFF);
    answers(EfiStatus.UNSUPPORTED, 0x1_0000, 0x3_0000, 0x5_0000, 0x7_0000);
  }

  @Test
  void flagsOfAResetWithoutOneToKeepTheCapsuleAreInvalid() {
    answers(EfiStatus.INVALID_PARAMETER, 0x2_0000);
    answers(EfiStatus.INVALID_PARAMETER, 0x4_0000);
    answers(EfiStatus.INVALID_PARAMETER, 0x1_0000, 0x6_0000);
  }
}
