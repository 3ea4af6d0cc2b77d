// SPDX-License-Identifier: EPL-2.0
/** Storage for tests of those who use it. */
package org.xenolith.testkit.block;
