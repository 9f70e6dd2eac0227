package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class BudgetPlotTest {
  private static List<JsonNode> accounts(String history) throws Exception {
    List<JsonNode> out = new ArrayList<>();
    for (String silo : List.of("here", "there")) {
      out.add(
          new ObjectMapper()
              .readTree(
                  "{\"scope\":\"person/p\",\"datasets\":[\"heart <1>\"],\"silo\":\""
                      + silo
                      + "\",\"epsilonCap\":\"8.0\",\"delta\":\"0.00001\",\"order\":4,\"rhoCap\":\"4.0\",\"history\":["
                      + history
                      + "]}"));
    }
    return out;
  }

  private static String spend(String time, String total) {
    return "{\"time\":\"" + time + "\",\"rhoTotal\":\"" + total + "\"}";
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void silosThatSpentAlikeShareOneLineUpToThePartOfTheCap() throws Exception {
    String history =
        spend("2026-03-01T08:00:00Z", "1.0") + "," + spend("2026-03-03T08:00:00Z", "4.0");
    String svg = BudgetPlot.svg(accounts(history));
    Document picture = parse(svg);
    assertThat(picture.getElementsByTagName("path").getLength()).isEqualTo(1);
    String path =
        picture
            .getElementsByTagName("path")
            .item(0)
            .getAttributes()
            .getNamedItem("d")
            .getNodeValue();
    // The floor is at 190, the cap at 34: a quarter of the cap is at 151.
    assertThat(path).startsWith("M60 190 H60.0 L60.0 151.0").contains(" 34.0");
    assertThat(svg).contains("here, there").contains("heart &lt;1>");
  }

  @Test
  void aJobsSpendRisesFromItsFirstChargeToItsLast() throws Exception {
    String ran =
        "{\"time\":\"2026-03-01T08:00:00Z\",\"until\":\"2026-03-01T09:00:00Z\",\"rhoTotal\":\"2.0\"}";
    String svg = BudgetPlot.svg(accounts(ran + "," + spend("2026-03-01T10:00:00Z", "4.0")));
    // Half of the two hours, half of the cap; then level until the next job.
    assertThat(svg).contains("M60 190 H60.0 L325.0 112.0 H590.0 L590.0 34.0");
  }

  @Test
  void aBudgetThatNobodyTouchedIsStillAPicture() throws Exception {
    String svg = BudgetPlot.svg(accounts(""));
    assertThat(parse(svg).getElementsByTagName("path").getLength()).isZero();
    assertThat(svg).contains("nothing spent");
    assertThat(parse(BudgetPlot.svg(List.of())).getDocumentElement().getTagName()).isEqualTo("svg");
  }

  @Test
  void theBarAndTheLineInTextShowThePartOfTheCap() throws Exception {
    assertThat(BudgetCommand.bar(0.5)).isEqualTo("##########..........  50.0 %");
    assertThat(BudgetCommand.bar(0)).startsWith("....................");
    JsonNode history =
        accounts(spend("2026-03-01T08:00:00Z", "0.5") + "," + spend("2026-03-03T08:00:00Z", "4.0"))
            .getFirst()
            .path("history");
    assertThat(BudgetCommand.sparkline(history, 4)).isEqualTo("\u2581\u2588");
  }
}
