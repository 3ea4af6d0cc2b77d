// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.hii;

import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.LayerPointers;

/**
 * EFI_HII_DATABASE_PROTOCOL and EFI_HII_STRING_PROTOCOL (UEFI 2.10, 34.8 and 34.3) on a handle of their own: what programs such as the UEFI Shell keep
 * their texts in. Fonts, forms and images are kept and given back, but nothing here draws them; {@link ConfigRouting} beside them knows no configuration.
 */
final class HiiLayer implements EfiLayer {
  private static final String[] DATABASE = {"NewPackageList", "RemovePackageList", "UpdatePackageList", "ListPackageLists",
      "ExportPackageLists",
      "RegisterPackageNotify", "UnregisterPackageNotify", "FindKeyboardLayouts", "GetKeyboardLayout", "SetKeyboardLayout",
      "GetPackageListHandle"};
  private static final String[] STRINGS = {"NewString", "GetString", "SetString", "GetLanguages", "GetSecondaryLanguages"};

  private final Lists lists = new Lists(this);
  private final DatabaseProtocol database = new DatabaseProtocol(this, lists);
  private final Notices notices = new Notices(this, lists);
  private final StringProtocol strings = new StringProtocol(this, lists);
  private final ConfigRouting routing = new ConfigRouting(this);

  @Override
  public String name() {
    return "efi.hii";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public void begin(Firmware firmware) {
    long database = firmware.interfaceMemory(this, 8 * DATABASE.length, Lists.NUMBERS);
    LayerPointers.write(firmware, this, database, DATABASE);
    long texts = firmware.interfaceMemory(this, 8 * STRINGS.length, 1);
    LayerPointers.write(firmware, this, texts, STRINGS);
    firmware.numbers(this, texts)[0] = database;
    long handle = firmware.handles().install(0, Protocol.HII_DATABASE, database);
    firmware.handles().install(handle, Protocol.HII_STRING, texts);
    long configurations = firmware.interfaceMemory(this, 8 * ConfigRouting.FUNCTIONS.length, 1);
    LayerPointers.write(firmware, this, configurations, ConfigRouting.FUNCTIONS);
    firmware.handles().install(handle, ConfigRouting.PROTOCOL, configurations);
  }

  @Override
  public EfiFunction function(String name) {
    EfiFunction found = database.function(name);
    if (found == null) {
      found = notices.function(name);
    }
    if (found == null) {
      found = routing.function(name);
    }
    return found == null ? strings.function(name) : found;
  }
}
