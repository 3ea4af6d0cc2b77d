// SPDX-License-Identifier: EPL-2.0
/** Guests for the tests of CPU engines. */
package org.xenolith.testkit.a64;
