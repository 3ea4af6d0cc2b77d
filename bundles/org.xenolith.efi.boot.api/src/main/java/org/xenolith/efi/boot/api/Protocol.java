// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.xenolith.efi.api.EfiGuid;

/** GUIDs of protocols that layers here publish or use (UEFI 2.10, the chapter of each). */
public final class Protocol {
  /** EFI_LOADED_IMAGE_PROTOCOL. */
  public static final EfiGuid LOADED_IMAGE = EfiGuid.of("5b1b31a1-9562-11d2-8e3f-00a0c969723b");
  /** EFI_LOADED_IMAGE_DEVICE_PATH_PROTOCOL. */
  public static final EfiGuid LOADED_IMAGE_DEVICE_PATH = EfiGuid.of("bc62157e-3e33-4fec-9920-2d3b36d750df");
  /** EFI_DEVICE_PATH_PROTOCOL. */
  public static final EfiGuid DEVICE_PATH = EfiGuid.of("09576e91-6d3f-11d2-8e39-00a0c969723b");
  /** EFI_DRIVER_BINDING_PROTOCOL. */
  public static final EfiGuid DRIVER_BINDING = EfiGuid.of("18a031ab-b443-4d1a-a5c0-0c09261e9f71");
  /** EFI_COMPONENT_NAME2_PROTOCOL. */
  public static final EfiGuid COMPONENT_NAME2 = EfiGuid.of("6a7a5cff-e8d9-4f70-bada-75ab3025ce14");
  /** EFI_SIMPLE_TEXT_INPUT_PROTOCOL. */
  public static final EfiGuid SIMPLE_TEXT_INPUT = EfiGuid.of("387477c1-69c7-11d2-8e39-00a0c969723b");
  /** EFI_SIMPLE_TEXT_INPUT_EX_PROTOCOL. */
  public static final EfiGuid SIMPLE_TEXT_INPUT_EX = EfiGuid.of("dd9e7534-7762-4698-8c14-f58517a625aa");
  /** EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL. */
  public static final EfiGuid SIMPLE_TEXT_OUTPUT = EfiGuid.of("387477c2-69c7-11d2-8e39-00a0c969723b");
  /** EFI_SERIAL_IO_PROTOCOL. */
  public static final EfiGuid SERIAL_IO = EfiGuid.of("bb25cf6f-f1d4-11d2-9a0c-0090273fc1fd");
  /** EFI_BLOCK_IO_PROTOCOL. */
  public static final EfiGuid BLOCK_IO = EfiGuid.of("964e5b21-6459-11d2-8e39-00a0c969723b");
  /** EFI_DISK_IO_PROTOCOL. */
  public static final EfiGuid DISK_IO = EfiGuid.of("ce345171-ba0b-11d2-8e4f-00a0c969723b");
  /** EFI_SIMPLE_FILE_SYSTEM_PROTOCOL. */
  public static final EfiGuid SIMPLE_FILE_SYSTEM = EfiGuid.of("964e5b22-6459-11d2-8e39-00a0c969723b");
  /** EFI_PARTITION_INFO_PROTOCOL. */
  public static final EfiGuid PARTITION_INFO = EfiGuid.of("8cf2f62c-bc9b-4821-808d-ec9ec421a1a0");
  /** Marks the EFI system partition (UEFI 2.10, 13.3.3). */
  public static final EfiGuid ESP = EfiGuid.of("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
  /** EFI_LOAD_FILE2_PROTOCOL. */
  public static final EfiGuid LOAD_FILE2 = EfiGuid.of("4006c0c1-fcb3-403e-996d-4a6c8724e06d");
  /**
   * edk2's protocol for virtio devices over any transport (OvmfPkg/Include/Protocol/VirtioDevice.h), so that its drivers and ours could be
   * exchanged.
   */
  public static final EfiGuid VIRTIO_DEVICE = EfiGuid.of("fa920010-6785-4941-b6ec-498c579f160a");
  /** edk2's protocol of what gives access to a Xen environment (OvmfPkg/Include/Protocol/XenIo.h): 8 bytes, the address of the grant table. */
  public static final EfiGuid XEN_IO = EfiGuid.of("6efac84f-0ab0-4747-81be-855562590449");
  /** {@link XenBus}, our own: edk2's passes lists of arguments, which a contract of functions can't name. */
  public static final EfiGuid XEN_BUS = EfiGuid.of("8b3c9d0e-5c1f-4e63-9a37-0f6f1a2c7d54");
  /** EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL. */
  public static final EfiGuid PCI_ROOT_BRIDGE_IO = EfiGuid.of("2f707ebb-4a1a-11d4-9a38-0090273fc14d");
  /** EFI_PCI_IO_PROTOCOL. */
  public static final EfiGuid PCI_IO = EfiGuid.of("4cf5b200-68b8-4ca5-9eec-b23e3f50029a");
  /** EFI_EXT_SCSI_PASS_THRU_PROTOCOL. */
  public static final EfiGuid EXT_SCSI_PASS_THRU = EfiGuid.of("143b7632-b81b-4cb7-abd3-b625a5b9bffe");
  /** EFI_SCSI_IO_PROTOCOL. */
  public static final EfiGuid SCSI_IO = EfiGuid.of("932f47e6-2362-4002-803e-3cd54b138f85");
  /** EFI_RNG_PROTOCOL. */
  public static final EfiGuid RNG = EfiGuid.of("3152bca5-eade-433d-862e-c01cdc291f44");
  /** EFI_HII_DATABASE_PROTOCOL. */
  public static final EfiGuid HII_DATABASE = EfiGuid.of("ef9fc172-a1b2-4693-b327-6d32fc416042");
  /** EFI_HII_STRING_PROTOCOL. */
  public static final EfiGuid HII_STRING = EfiGuid.of("0fd96974-23aa-4cdc-b9cb-98d17750322a");
  /** EFI_HII_PACKAGE_LIST_PROTOCOL: what an image's resources have for the database. */
  public static final EfiGuid HII_PACKAGE_LIST = EfiGuid.of("6a1ee763-d47a-43b4-aabe-ef1de2ab56fc");
  /** EFI_UNICODE_COLLATION_PROTOCOL, with languages by RFC 4646. */
  public static final EfiGuid UNICODE_COLLATION2 = EfiGuid.of("a4c751fc-23ae-4c3e-92e9-4964cf63f349");
  /** EFI_DEVICE_PATH_UTILITIES_PROTOCOL. */
  public static final EfiGuid DEVICE_PATH_UTILITIES = EfiGuid.of("0379be4e-d706-437d-b037-edb82fb772a4");
  /** EFI_DEVICE_PATH_TO_TEXT_PROTOCOL. */
  public static final EfiGuid DEVICE_PATH_TO_TEXT = EfiGuid.of("8b843e20-8132-4852-90cc-551a4e4a7f1c");
  /** EFI_DEVICE_PATH_FROM_TEXT_PROTOCOL. */
  public static final EfiGuid DEVICE_PATH_FROM_TEXT = EfiGuid.of("05c99a21-c70f-4ad2-8a5f-35df3343f51e");
  /** EFI_SIMPLE_NETWORK_PROTOCOL. */
  public static final EfiGuid SIMPLE_NETWORK = EfiGuid.of("a19832b9-ac25-11d3-9a2d-0090273fc14d");
  /** EFI_SECURITY_ARCH_PROTOCOL (PI 1.7, volume 2, 12.9.1). */
  public static final EfiGuid SECURITY = EfiGuid.of("a46423e3-4617-49f1-b9ff-d1bfa9115839");
  /** EFI_SECURITY2_ARCH_PROTOCOL (PI 1.7, volume 2, 12.9.2): LoadImage asks it, if there is one. */
  public static final EfiGuid SECURITY2 = EfiGuid.of("94ab2f58-1438-4ef1-9152-18941a3a0e68");
  /** EFI_GRAPHICS_OUTPUT_PROTOCOL. */
  public static final EfiGuid GRAPHICS_OUTPUT = EfiGuid.of("9042a9de-23dc-4a38-96fb-7aded080516a");

  private Protocol() {}
}
