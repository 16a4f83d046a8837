package till;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every test has all the points of the same client, and a clock of its own. */
@ExtendWith(Sandbox.Extension.class)
class TillTest {
    private static final String IVAN = "62a0f1e2d3c4b5a697882486";
    private static final String PHONE = "+7 920 123-45-67";

    @RepeatedTest(4)
    void allPointsAreThereAndCanBeSpent(Sandbox sandbox) throws Exception {
        var till = sandbox.till();
        assertContains(till.find(PHONE), "\"balance\":878");
        assertContains(till.pay(IVAN, 1000, 878), "\"total\":122");
        assertContains(till.find(PHONE), "\"balance\":0");
    }

    @Test
    void pointsCannotBeSpentTwice(Sandbox sandbox) throws Exception {
        var till = sandbox.till();
        till.pay(IVAN, 1000, 878);
        var refused = assertThrows(Till.Refused.class, () -> till.pay(IVAN, 1000, 878));
        assertContains(refused.getMessage(), "Spend can't be more 0");
    }

    @Test
    void aHoldEndsAfterTenMinutes(Sandbox sandbox) throws Exception {
        var till = sandbox.till();
        till.hold(IVAN, 878);
        assertContains(sandbox.advance("PT11M"), "\"amount\":878");
        assertContains(till.pay(IVAN, 1000, 878), "\"spend\":878");
    }

    @Test
    void aHoldStandsWhileNoTimePasses(Sandbox sandbox) throws Exception {
        var till = sandbox.till();
        till.hold(IVAN, 878);
        var refused = assertThrows(Till.Refused.class, () -> till.hold(IVAN, 1));
        assertContains(refused.getMessage(), "Amount can't be more 0");
    }

    @ParameterizedTest
    @CsvSource({"P1D,2040-01-02", "P31D,2040-02-01", "P366D,2041-01-01"})
    void timePassesHereAlone(String by, String date, Sandbox sandbox) throws Exception {
        sandbox.freeze("2040-01-01T00:00:00Z");
        assertContains(sandbox.advance(by), "\"now\":\"" + date);
    }

    private static void assertContains(String answer, String part) {
        assertTrue(answer.contains(part), () -> "expected " + part + " in " + answer);
    }
}
