// Package till is the client under test: it knows the loyalty programme, and nothing of stend.
package till

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// Till calls the loyalty programme.
type Till struct {
	URL, APIKey, Point string
}

// Client is a guest.
type Client struct {
	ID      string
	Balance int
}

// Hold is points set aside.
type Hold struct {
	ID string
}

// Receipt is a purchase.
type Receipt struct {
	Total, Spend int
}

var client = http.Client{Timeout: 10 * time.Second}

// Find finds a guest.
func (t Till) Find(phone string) (Client, error) {
	var answer struct{ Client Client }
	err := t.call("client", map[string]any{"search": phone}, &answer)
	return answer.Client, err
}

// Hold sets points aside.
func (t Till) Hold(client string, amount int) (Hold, error) {
	var answer struct{ Held Hold }
	err := t.call("bonuses/hold", map[string]any{"client": client, "amount": amount}, &answer)
	return answer.Held, err
}

// Pay makes a purchase, part of it with points.
func (t Till) Pay(client string, amount, spend int) (Receipt, error) {
	var answer struct{ Retail Receipt }
	err := t.call("retail", map[string]any{"client": client, "amount": amount, "spend": spend}, &answer)
	return answer.Retail, err
}

func (t Till) call(path string, fields map[string]any, answer any) error {
	fields["point"] = t.Point
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	request, err := http.NewRequest("POST", t.URL+"/integration/general/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("apikey", t.APIKey)
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errors.New(string(text))
	}
	return json.Unmarshal(text, answer)
}
