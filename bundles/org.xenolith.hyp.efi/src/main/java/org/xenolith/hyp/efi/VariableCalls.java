// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableAttributes;
import org.xenolith.efi.api.VariableName;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.xen.abi.PlatformEfiCall;

/** The functions about variables: names and data are in the caller's memory. */
final class VariableCalls {
  private final RuntimeServices services;
  private final BootSpace bootSpace;

  VariableCalls(RuntimeServices services, BootSpace bootSpace) {
    this.services = services;
    this.bootSpace = bootSpace;
  }

  /** Any size of the caller's buffer will do, as only what the variable has is copied. */
  EfiStatus get(Hypercall call, PlatformEfiCall op) throws CallerBytes.Refused {
    VariableName name = new VariableName(CallerBytes.text(call, op.getVariableName()),
        vendor(op.getVariableVendorGuid(0), op.getVariableVendorGuid(1)));
    VariableAnswer answer = services.getVariable(name, op.getVariableSize());
    EfiStatus status = answer.status();
    if (status == EfiStatus.SUCCESS) {
      if (Long.compareUnsigned(answer.data().length, op.getVariableSize()) > 0) {
        return EfiStatus.DEVICE_ERROR; // a provider that is wrong: the caller's buffer ends there
      }
      CallerBytes.give(call, op.getVariableData(), answer.data());
    }
    if (status == EfiStatus.SUCCESS || status == EfiStatus.BUFFER_TOO_SMALL) {
      op.getVariableSize(answer.size());
      op.misc(answer.attributes());
    }
    return status;
  }

  EfiStatus set(Hypercall call, PlatformEfiCall op) throws CallerBytes.Refused {
    VariableName name = new VariableName(CallerBytes.text(call, op.setVariableName()),
        vendor(op.setVariableVendorGuid(0), op.setVariableVendorGuid(1)));
    return services.setVariable(name, op.misc(), CallerBytes.bytes(call, op.setVariableData(), op.setVariableSize()));
  }

  /** Xen copies the whole buffer in and out, whatever of it is the name. */
  EfiStatus next(Hypercall call, PlatformEfiCall op) throws CallerBytes.Refused {
    long address = op.getNextVariableNameName();
    byte[] buffer = CallerBytes.bytes(call, address, op.getNextVariableNameSize());
    String previous = VariableName.textOf(buffer);
    if (previous == null) {
      return EfiStatus.INVALID_PARAMETER;
    }
    NameAnswer answer = services.getNextVariableName(new VariableName(previous,
        vendor(op.getNextVariableNameVendorGuid(0), op.getNextVariableNameVendorGuid(1))), buffer.length);
    EfiStatus status = answer.status();
    if (status == EfiStatus.SUCCESS) {
      byte[] text = answer.name().toBytes();
      if (text.length > buffer.length) {
        return EfiStatus.DEVICE_ERROR; // a provider that is wrong: the caller's buffer ends there
      }
      System.arraycopy(text, 0, buffer, 0, text.length);
      CallerBytes.give(call, address, buffer);
      ByteBuffer vendor = ByteBuffer.wrap(answer.name().vendor().toBytes()).order(ByteOrder.LITTLE_ENDIAN);
      op.getNextVariableNameVendorGuid(0, vendor.getLong());
      op.getNextVariableNameVendorGuid(1, vendor.getLong());
    }
    if (status == EfiStatus.SUCCESS || status == EfiStatus.BUFFER_TOO_SMALL) {
      op.getNextVariableNameSize(answer.size());
    }
    return status;
  }

  /** Whether the room at boot is known for variables of these attributes. */
  static boolean hasSnapshot(int attributes) {
    return (attributes & ~VariableAttributes.APPEND_WRITE) == BootSpace.ATTRIBUTES;
  }

  EfiStatus query(PlatformEfiCall op) {
    SpaceAnswer answer = op.misc() != 0 ? bootSpace.answer() : services.queryVariableInfo(op.queryVariableInfoAttr());
    op.queryVariableInfoMaxStoreSize(answer.maximumStorage());
    op.queryVariableInfoRemainStoreSize(answer.remainingStorage());
    op.queryVariableInfoMaxSize(answer.maximumVariable());
    return answer.status();
  }

  private static EfiGuid vendor(long low, long high) {
    return EfiGuid.ofBytes(EfiFunctions.sixteen(low, high), 0);
  }
}
