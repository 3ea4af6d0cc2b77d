// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.xenolith.efi.api.VariableAttributes.BOOTSERVICE_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.HARDWARE_ERROR_RECORD;
import static org.xenolith.efi.api.VariableAttributes.NON_VOLATILE;
import static org.xenolith.efi.api.VariableAttributes.RUNTIME_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.TIME_BASED_AUTHENTICATED_WRITE_ACCESS;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.VariableName;

/**
 * Which variables there may be of the vendors that the specification itself is, and with which attributes (UEFI 2.10, 3.3, table "Global
 * Variables"; 32.6.1; 8.2.4.2): no others are made, so that names of later specifications stay free. Any other vendor has any names.
 */
final class SpecifiedVariables {
  private static final int VOLATILE = BOOTSERVICE_ACCESS | RUNTIME_ACCESS;
  private static final int KEPT = NON_VOLATILE | VOLATILE;
  private static final int SIGNED = KEPT | TIME_BASED_AUTHENTICATED_WRITE_ACCESS;
  /** A name that ends with the four digits of a number (3.1.1: upper case). */
  private static final Pattern NUMBERED = Pattern.compile("(Boot|Driver|SysPrep|Key|PlatformRecovery|OsRecovery|HwErrRec)[0-9A-F]{4}");
  private static final Map<String, Integer> GLOBAL = global();
  private static final Set<String> DATABASES = Set.of("db", "dbx", "dbt", "dbr");

  private SpecifiedVariables() {}

  private static Map<String, Integer> global() {
    Map<String, Integer> all = new HashMap<>();
    for (String name : new String[] {"BootNext", "BootOrder", "Boot", "ConIn", "ConOut", "CryptoIndications", "Driver", "DriverOrder",
        "ErrOut", "HwErrRecSupport", "Key", "Lang", "OsIndications", "PlatformLang", "SysPrep", "SysPrepOrder", "Timeout"}) {
      all.put(name, KEPT);
    }
    for (String name : new String[] {"AuditMode", "BootCurrent", "BootOptionSupport", "ConInDev", "ConOutDev", "CryptoIndicationsActivated",
        "CryptoIndicationsSupported", "dbDefault", "dbrDefault", "dbtDefault", "dbxDefault", "DeployedMode", "devAuthBoot", "devdbDefault",
        "ErrOutDev", "KEKDefault", "LangCodes", "OsIndicationsSupported", "PKDefault", "PlatformLangCodes", "PlatformRecovery",
        "SecureBoot", "SetupMode", "SignatureSupport", "VendorKeys"}) {
      all.put(name, VOLATILE);
    }
    for (String name : new String[] {"KEK", "OsRecovery", "OsRecoveryOrder", "PK"}) {
      all.put(name, SIGNED);
    }
    return all;
  }

  /**
   * Whether a variable may be made.
   *
   * @param attributes its attributes, without APPEND_WRITE
   */
  static boolean allow(VariableName name, int attributes) {
    if (name.vendor().equals(EfiGuid.IMAGE_SECURITY_DATABASE)) {
      return DATABASES.contains(name.text());
    } else if (name.vendor().equals(EfiGuid.HARDWARE_ERROR_VARIABLE)) {
      return "HwErrRec".equals(kind(name.text())) && (attributes & HARDWARE_ERROR_RECORD) != 0;
    } else if (!name.vendor().equals(EfiGuid.GLOBAL_VARIABLE)) {
      return true;
    }
    String kind = kind(name.text());
    Integer specified = GLOBAL.get(kind == null ? name.text() : kind);
    return specified != null && specified == attributes && (kind != null || !isStem(name.text()));
  }

  private static String kind(String text) {
    Matcher numbered = NUMBERED.matcher(text);
    return numbered.matches() ? numbered.group(1) : null;
  }

  /** Whether a name wants a number behind it: {@code Boot} alone is none. */
  private static boolean isStem(String text) {
    return kind(text + "0000") != null;
  }
}
