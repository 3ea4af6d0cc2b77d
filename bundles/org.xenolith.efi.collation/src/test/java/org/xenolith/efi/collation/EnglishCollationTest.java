// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.collation;

import org.xenolith.testkit.efi.OfferedProtocols;
import org.xenolith.testkit.efi.UnicodeCollationContract;

/** The layer's protocol keeps the contract. */
class EnglishCollationTest extends UnicodeCollationContract {
  @Override
  protected OfferedProtocols collation() {
    return OfferedProtocols.of(new CollationLayer());
  }
}
