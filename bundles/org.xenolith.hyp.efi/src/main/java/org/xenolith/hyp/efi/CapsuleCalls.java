// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.CallerLimits;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.PlatformEfiCall;

/**
 * The functions about capsules, whose layout Xen's public header has, and which Xen itself doesn't serve. The caller gives an array of
 * addresses of headers, all as it sees memory; the list of pieces is named by its machine address.
 */
final class CapsuleCalls {
  private final RuntimeServices services;

  CapsuleCalls(RuntimeServices services) {
    this.services = services;
  }

  EfiStatus query(Hypercall call, PlatformEfiCall op) throws CallerBytes.Refused {
    List<CapsuleHeader> capsules = headers(call, op.queryCapsuleCapabilitiesCapsuleHeaderArray(),
        op.queryCapsuleCapabilitiesCapsuleCount());
    if (capsules.isEmpty()) {
      return EfiStatus.INVALID_PARAMETER;
    }
    CapsuleAnswer answer = services.queryCapsuleCapabilities(capsules);
    if (!answer.status().isError()) {
      op.queryCapsuleCapabilitiesMaxCapsuleSize(answer.maximumSize());
      op.queryCapsuleCapabilitiesResetType(answer.reset().ordinal());
    }
    return answer.status();
  }

  EfiStatus update(Hypercall call, PlatformEfiCall op) throws CallerBytes.Refused {
    List<CapsuleHeader> capsules = headers(call, op.updateCapsuleCapsuleHeaderArray(), op.updateCapsuleCapsuleCount());
    return capsules.isEmpty() ? EfiStatus.INVALID_PARAMETER : services.updateCapsule(capsules, op.updateCapsuleSgList());
  }

  private static List<CapsuleHeader> headers(Hypercall call, long array, long count) throws CallerBytes.Refused {
    if (count == 0) {
      return List.of(); // there is no array
    }
    CallerBytes.limit(count, CallerLimits.CAPSULES);
    ByteBuffer addresses = ByteBuffer.wrap(CallerBytes.bytes(call, array, count * Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    List<CapsuleHeader> headers = new ArrayList<>();
    while (addresses.hasRemaining()) {
      headers.add(CapsuleHeader.ofBytes(CallerBytes.bytes(call, addresses.getLong(), CapsuleHeader.SIZE), 0));
    }
    return headers;
  }
}
