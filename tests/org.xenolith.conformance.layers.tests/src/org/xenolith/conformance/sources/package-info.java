// SPDX-License-Identifier: EPL-2.0
/** What every source and every part from elsewhere says of its licence, and names that are used once. */
package org.xenolith.conformance.sources;
