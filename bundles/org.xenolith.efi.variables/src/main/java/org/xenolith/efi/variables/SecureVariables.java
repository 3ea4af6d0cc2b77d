// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.xenolith.efi.api.VariableAttributes.APPEND_WRITE;
import static org.xenolith.efi.api.VariableAttributes.BOOTSERVICE_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.RUNTIME_ACCESS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.secure.kit.SignatureLists;

/**
 * Who may change time-based authenticated variables, and what a change makes of them (UEFI 2.10, 8.2.6 and 32.3): PK and KEK whoever PK is,
 * a database whoever KEK or PK are, any other one whoever made it. While there is no PK (setup mode) PK may be set by whoever it is itself,
 * and KEK and the databases by anybody, as firmware does it for whom the specification waives the signature: then none is needed at all.
 */
final class SecureVariables {
  static final VariableName PLATFORM_KEY = VariableName.global("PK");
  private static final VariableName EXCHANGE_KEY = VariableName.global("KEK");
  private static final Set<String> DATABASES = Set.of("db", "dbx", "dbt", "dbr");
  private static final byte[] NOBODY = {};

  private final Function<VariableName, StoredVariable> variables;

  /** @param variables finds a variable by name; null for one that isn't there */
  SecureVariables(Function<VariableName, StoredVariable> variables) {
    this.variables = variables;
  }

  /**
   * What a write comes to.
   *
   * @param status   SUCCESS if it is allowed
   * @param variable what the variable is afterwards; null if it is deleted or nothing changes
   * @param deleted  whether it is deleted
   */
  record Update(EfiStatus status, StoredVariable variable, boolean deleted) {
    private static Update refused(EfiStatus status) {
      return new Update(status, null, false);
    }
  }

  /** Whether a variable is part of the policy of Secure Boot. */
  static boolean isPolicy(VariableName name) {
    return name.equals(PLATFORM_KEY) || name.equals(EXCHANGE_KEY) || isDatabase(name);
  }

  private static boolean isDatabase(VariableName name) {
    return name.vendor().equals(EfiGuid.IMAGE_SECURITY_DATABASE) && DATABASES.contains(name.text());
  }

  /** Whether there is no platform key. */
  boolean isSetupMode() { return variables.apply(PLATFORM_KEY) == null; }

  /** Judges a write with TIME_BASED_AUTHENTICATED_WRITE_ACCESS; changes nothing. */
  Update judge(VariableName name, int attributes, byte[] bytes) {
    AuthenticatedData data = AuthenticatedData.parse(bytes);
    StoredVariable before = variables.apply(name);
    boolean append = (attributes & APPEND_WRITE) != 0;
    if (data == null || before != null && !append && !AuthenticatedData.isLater(data.time(), before.time())) {
      return Update.refused(EfiStatus.SECURITY_VIOLATION);
    }
    return isPolicy(name) ? policy(name, attributes, data, before) : personal(name, attributes, data, before);
  }

  private Update policy(VariableName name, int attributes, AuthenticatedData data, StoredVariable before) {
    SignatureLists lists = SignatureLists.parse(data.payload());
    if (!isSetupMode() || name.equals(PLATFORM_KEY)) {
      SignedUpdate signed = SignedUpdate.verify(data.signature(), data.signed(name, attributes));
      if (signed == null || !signed.chainsTo(authorities(name, lists))) {
        return Update.refused(EfiStatus.SECURITY_VIOLATION);
      }
    }
    if (lists == null) {
      return Update.refused(EfiStatus.INVALID_PARAMETER);
    }
    byte[] added = before != null && (attributes & APPEND_WRITE) != 0 ? lists.without(SignatureLists.parse(before.data())) : data.payload();
    Update update = update(name, attributes, data, before, added, NOBODY);
    return update.variable != null && name.equals(PLATFORM_KEY) && !isOneCertificate(update.variable.data())
        ? Update.refused(EfiStatus.INVALID_PARAMETER) : update;
  }

  private static boolean isOneCertificate(byte[] bytes) {
    SignatureLists lists = SignatureLists.parse(bytes);
    return lists != null && lists.count() == 1 && lists.certificates().size() == 1;
  }

  private List<byte[]> authorities(VariableName name, SignatureLists lists) {
    if (isSetupMode()) {
      return lists == null ? List.of() : lists.certificates();
    }
    List<byte[]> all = new ArrayList<>(certificates(PLATFORM_KEY));
    if (isDatabase(name)) {
      all.addAll(certificates(EXCHANGE_KEY));
    }
    return all;
  }

  private List<byte[]> certificates(VariableName name) {
    StoredVariable variable = variables.apply(name);
    SignatureLists lists = variable == null ? null : SignatureLists.parse(variable.data());
    return lists == null ? List.of() : lists.certificates();
  }

  private static Update personal(VariableName name, int attributes, AuthenticatedData data, StoredVariable before) {
    SignedUpdate signed = SignedUpdate.verify(data.signature(), data.signed(name, attributes));
    byte[] signer = signed == null ? null : signed.fingerprint();
    if (signer == null || before != null && !Arrays.equals(signer, before.signer())) {
      return Update.refused(EfiStatus.SECURITY_VIOLATION);
    }
    return update(name, attributes, data, before, data.payload(), signer);
  }

  private static Update update(VariableName name, int attributes, AuthenticatedData data, StoredVariable before, byte[] added,
      byte[] signer) {
    boolean append = (attributes & APPEND_WRITE) != 0;
    if ((attributes & (BOOTSERVICE_ACCESS | RUNTIME_ACCESS)) == 0 || data.payload().length == 0 && !append) {
      return before == null ? Update.refused(EfiStatus.NOT_FOUND) : new Update(EfiStatus.SUCCESS, null, true);
    } else if (before == null && data.payload().length == 0) {
      return new Update(EfiStatus.SUCCESS, null, false);
    }
    boolean joined = append && before != null;
    byte[] content = added;
    EfiTime time = data.time();
    if (joined) {
      content = Arrays.copyOf(before.data(), before.data().length + added.length);
      System.arraycopy(added, 0, content, before.data().length, added.length);
      time = AuthenticatedData.isLater(time, before.time()) ? time : before.time();
    }
    return new Update(EfiStatus.SUCCESS, new StoredVariable(name, attributes & ~APPEND_WRITE, content, time, signer), false);
  }
}
